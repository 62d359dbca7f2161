using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Local;
using Portal.Providers.Local.Pipelines;
using Portal.Providers.Local.Pipelines.Jobs;
using Portal.Providers.Local.Pipelines.Runs;
using Portal.Providers.Local.Processes;

namespace Portal.Providers.Tests.Local.Pipelines;

/// <summary>A local pipeline host on a folder of its own, with real repositories.</summary>
internal sealed class PipelineTestHost : IProviderEvents, IAsyncDisposable
{
    private readonly string root;
    private readonly LocalFolders folders;
    private readonly DeniedNetworks? network;
    private readonly ProcessSandbox sandbox;
    private PushedWorkflows pushed = null!;
    private PipelineArtifacts artifacts = null!;
    private int pushes;

    /// <param name="data">The provider's folder; null for a new one.</param>
    /// <param name="network">What jobs do not reach of the network outside; null for no network.</param>
    /// <param name="sandbox">What runs jobs; null for this machine's.</param>
    public PipelineTestHost(
        LocalPipelineOptions? options = null, string? data = null, DeniedNetworks? network = null,
        ProcessSandbox? sandbox = null)
    {
        (this.network, this.sandbox) =
            (network, sandbox ?? new ProcessSandbox(TimeProvider.System) { Grace = TimeSpan.FromMilliseconds(300) });
        root = data ?? Path.Combine(Path.GetTempPath(), $"portal-test-{Guid.NewGuid():N}");
        folders = new LocalFolders(root);
        Options = options ?? new LocalPipelineOptions();
        Host = Start();
    }

    public LocalPipelineOptions Options { get; }

    public LocalPipelineHost Host { get; private set; }

    /// <summary>What its runs have kept, for people.</summary>
    public ArtifactFiles Files { get; private set; } = null!;

    /// <summary>What the host has executed, and executes.</summary>
    public PipelineRuns Runs { get; private set; } = null!;

    /// <summary>A folder that jobs can read.</summary>
    public string Shared => Directory.CreateDirectory(Path.Combine(root, "shared")).FullName;

    /// <summary>As from <c>packages/job.env</c>.</summary>
    public Dictionary<string, string> JobEnvironment { get; } = [];

    /// <summary>The clone that <see cref="Commit"/> works in.</summary>
    public string Clone => Path.Combine(root, "clone");

    public RepositoryName Repository { get; } = new("team-a", "shop");

    public ConcurrentQueue<PipelineRunInfo> Told { get; } = [];

    public RunFolders RunFolders => new(folders.Pipelines, JobUser.Get());

    /// <summary>A new host on the same folder, as after a restart.</summary>
    public LocalPipelineHost Start()
    {
        var machine = new Machine(
            sandbox, new RunFolders(folders.Pipelines, sandbox.User), Options, new JobSlots(Options.MaxRunningJobs),
            new Concurrency(), TimeProvider.System,
            () => JobEnvironment, () => "http://127.0.0.1:5080")
        {
            Packages = Shared, Network = network,
        };
        Runs = new PipelineRuns(folders, machine, this, NullLogger<PipelineRuns>.Instance);
        Files = new ArtifactFiles(machine);
        (pushed, artifacts) = (new PushedWorkflows(folders, Runs), new PipelineArtifacts(machine, Runs));
        return Host = new LocalPipelineHost(machine, Runs, new WorkflowDispatch(folders));
    }

    /// <summary>The folder of what a run has uploaded as <c>app</c>; null when it has not.</summary>
    public async Task<string?> AppAsync(string id) => (await artifacts.FindAsync(id, "app"))?.Folder;

    /// <summary>Commits files to the repository's main branch; returns the commit.</summary>
    public string Commit(params (string Path, string Text)[] files)
    {
        var bare = folders.Repository(Repository);
        var work = Clone;
        if (!Directory.Exists(bare))
        {
            Directory.CreateDirectory(bare);
            Git(bare, "init", "--quiet", "--bare", "--initial-branch=main");
            Git(root, "clone", "--quiet", bare, work);
            Git(work, "checkout", "--quiet", "-B", "main");
        }

        foreach (var (path, text) in files)
        {
            var full = Path.Combine(work, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(full, text);
        }

        Git(work, "add", "--all");
        Git(
            work, "-c", "user.name=Test", "-c", "user.email=test@example.com", "commit", "--quiet", "--allow-empty",
            "-m", "A change");
        Git(work, "push", "--quiet", "origin", "HEAD:main");
        return Git(work, "rev-parse", "HEAD");
    }

    public string CommitWorkflow(string workflow, params (string Path, string Text)[] files) =>
        Commit([(".github/workflows/ci.yml", workflow), .. files]);

    /// <summary>Commits the workflow and starts it.</summary>
    public async Task<PipelineRunInfo> TriggerAsync(string workflow, params (string Path, string Text)[] files)
    {
        CommitWorkflow(workflow, files);
        return await Host.TriggerAsync(
            new TriggerPipeline(Repository, "ci.yml", "main", Guid.NewGuid().ToString()),
            TestContext.Current.CancellationToken);
    }

    public async Task<PipelineRunInfo> RunAsync(string workflow, params (string Path, string Text)[] files) =>
        await EndAsync((await TriggerAsync(workflow, files)).Id);

    /// <summary>Tells the host of a push; returns the runs that it started, in the order of their numbers.</summary>
    public async Task<IReadOnlyList<PipelineRunInfo>> PushAsync(
        string commit, string? before = null, string branch = "main", bool isTag = false)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var known = (await Host.ListAsync(Repository, 1000, cancellation)).Select(r => r.Id).ToHashSet();
        await pushed.PushedAsync(new LocalPush(
            $"{++pushes}", new RepositoryPush(Repository, branch, before, commit, "user:default/ana"),
            isTag), cancellation);
        return [.. (await Host.ListAsync(Repository, 1000, cancellation)).Where(r => !known.Contains(r.Id))
            .OrderBy(r => r.Number)];
    }

    public Task<PipelineRunInfo> EndAsync(string id) => WhenAsync(id, r => r.IsFinished);

    public async Task<PipelineRunInfo> WhenAsync(string id, Func<PipelineRunInfo, bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            if (await Host.FindAsync(id, limit.Token) is { } run && condition(run)) return run;
            await Task.Delay(5, limit.Token);
        }
    }

    public async Task<IReadOnlyList<string>> LogAsync(string id) =>
        [.. (await Host.ReadLogAsync(id, 0, 1_000_000, TestContext.Current.CancellationToken)).Select(l => l.Text)];

    public static string Git(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
            UseShellExecute = false
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error);
        return output.Trim();
    }

    public Task PushedAsync(string instance, RepositoryPush push, CancellationToken cancellation) => Task.CompletedTask;

    public Task PipelineRunChangedAsync(string instance, PipelineRunInfo run, CancellationToken cancellation)
    {
        Told.Enqueue(run);
        return Task.CompletedTask;
    }

    public Task EnvironmentChangedAsync(string instance, EnvironmentInfo environment, CancellationToken cancellation) =>
        Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await Runs.StopAsync(CancellationToken.None);
        if (Directory.Exists(root)) Directory.Delete(root, true);
    }
}
