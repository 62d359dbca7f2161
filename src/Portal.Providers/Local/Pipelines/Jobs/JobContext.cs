using Portal.Core.Providers;
using Portal.Providers.Local.Pipelines.Expressions;
using Portal.Providers.Local.Pipelines.Runs;
using Portal.Providers.Local.Pipelines.Workflows;
using Portal.Providers.Local.Processes;

namespace Portal.Providers.Local.Pipelines.Jobs;

/// <summary>Everything about one job (one combination of its matrix) while it runs.</summary>
internal sealed class JobContext
{
    public required Machine Machine { get; init; }
    public required LiveRun Run { get; init; }
    public required Job Job { get; init; }
    public required string Name { get; init; }
    public required Workflow Workflow { get; init; }
    public required JobFolders Folders { get; init; }

    /// <summary>The bare repository.</summary>
    public required string Repository { get; init; }

    public required CommitFiles Files { get; init; }

    /// <summary>Everything but env, steps, job and inputs, which change.</summary>
    public required IReadOnlyDictionary<string, object?> Contexts { get; init; }

    /// <summary>The end of the job.</summary>
    public required CancellationToken Cancellation { get; init; }

    /// <summary>The processes of this job.</summary>
    public required string Tag { get; init; }

    /// <summary>What the job's processes see of variables, without those of a step.</summary>
    public required Dictionary<string, string> Environment { get; init; }

    /// <summary>The env context: what workflow, job and GITHUB_ENV have set.</summary>
    public required ExprObject Env { get; init; }

    /// <summary>Added by GITHUB_PATH, the newest first.</summary>
    public List<string> Paths { get; } = [];

    private Sandbox? sandbox;

    public RunningStatus Status { get; set; } = RunningStatus.Success;

    public StoredRun Stored => Run.Start;

    public PipelineRunInfo Info => Run.Start.Info;

    public ExpressionScope Scope(StepFrame frame, ExprObject? env = null)
    {
        var contexts = new Dictionary<string, object?>(Contexts, StringComparer.OrdinalIgnoreCase)
        {
            ["env"] = env ?? Env,
            ["steps"] = frame.Steps,
            ["inputs"] = frame.Inputs,
            ["job"] = new ExprObject
            {
                ["status"] = Status switch
                {
                    RunningStatus.Success => "success",
                    RunningStatus.Failure => "failure",
                    _ => "cancelled",
                },
            },
        };
        if (frame.ActionPath is { } path && Contexts["github"] is ExprObject github)
        {
            var own = new ExprObject();
            foreach (var (name, value) in github) own[name] = value;
            own["action_path"] = path;
            contexts["github"] = own;
        }

        return new ExpressionScope(contexts, Status, patterns => WorkspaceHash.Of(this, patterns));
    }

    /// <summary>Why the job's sandbox was ended from outside; null when it was not.</summary>
    public string? Exceeded { get; private set; }

    public void Log(string step, string line, bool own = true) => Run.Log.Write($"{Name} / {step}", line, own);

    /// <summary>Runs a command as the job, in its sandbox.</summary>
    public async Task<ProcessExit> RunAsync(
        IReadOnlyList<string> command, string workingFolder, IReadOnlyDictionary<string, string>? variables,
        Action<string> line,
        TimeSpan? timeout,
        CancellationToken cancellation, CommandFiles? files = null)
    {
        var sandboxed = Command(command, workingFolder, variables);
        if (files is not null)
        {
            sandboxed = sandboxed with { Before = CommandFiles.Make, BeforeArguments = [files.Folder] };
        }
        var open = await OpenAsync(cancellation);
        using var process = open.Start(sandboxed, line);
        return await WaitAsync(process, open, timeout, cancellation);
    }

    /// <summary>Runs a command whose output is read as it is.</summary>
    public async Task<ProcessExit> ReadAsync(
        IReadOnlyList<string> command, string workingFolder, Func<Stream, Task> read, TimeSpan? timeout,
        CancellationToken cancellation)
    {
        var open = await OpenAsync(cancellation);
        using var process = open.Start(Command(command, workingFolder, null), read);
        var exit = await WaitAsync(process, open, timeout, cancellation);
        await process.Output;
        return exit;
    }

    /// <summary>Ends everything that the job has started.</summary>
    public Task EndAsync() => sandbox?.EndAsync() ?? Task.CompletedTask;

    private SandboxCommand Command(
        IReadOnlyList<string> command, string workingFolder, IReadOnlyDictionary<string, string>? variables)
    {
        var environment = new Dictionary<string, string>(Environment, StringComparer.Ordinal);
        foreach (var (name, value) in variables ?? new Dictionary<string, string>()) environment[name] = value;
        var path = environment.GetValueOrDefault("PATH") ?? System.Environment.GetEnvironmentVariable("PATH")
            ?? "/usr/local/bin:/usr/bin:/bin";
        environment["PATH"] = string.Join(':', [.. Paths, path]);
        return new SandboxCommand(command, workingFolder, environment)
        {
            MaxOutputBytes = (long)Machine.Options.MaxLogMiB << 20, Limits = ProcessLimits.Default with
            {
                MaxFileSizeMiB = Machine.Options.MaxFileSizeMiB,
            },
        };
    }

    /// <summary>
    /// One for all steps, so that what a step starts in the background serves the next. A step that was ended took it
    /// along.
    /// </summary>
    private async Task<Sandbox> OpenAsync(CancellationToken cancellation)
    {
        if (sandbox is { IsAlive: true } there) return there;
        if (sandbox is not null) await sandbox.EndAsync();
        var denied = Machine.Network is { } network ? await network.FindAsync(cancellation) : null;
        return sandbox = await Machine.Sandbox.OpenAsync(Folders.Sandbox(
            Tag, Machine.Packages, Machine.Options.MaxJobMemoryMiB, denied), cancellation);
    }

    private async Task<ProcessExit> WaitAsync(
        SandboxedProcess process, Sandbox open, TimeSpan? timeout, CancellationToken cancellation)
    {
        using var over = new CancellationTokenSource();
        var watching = JobWatch.WatchAsync(open, Machine.Options, Folders.Root, over.Token);
        var exit = await process.WaitAsync(timeout, cancellation);
        await over.CancelAsync();
        Exceeded = await watching
            ?? (!exit.Succeeded && open.RanOutOfMemory ? JobWatch.TooMuchMemory(Machine.Options) : null);
        return exit;
    }
}

/// <summary>The steps of a job, or those of a composite action inside it.</summary>
internal sealed record StepFrame(ExprObject Steps, ExprObject Inputs, string? ActionPath = null, int Depth = 0);
