using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Local.Pipelines.Actions;
using Portal.Providers.Local.Pipelines.Jobs;
using Portal.Providers.Local.Pipelines.Runs;
using Portal.Providers.Local.Pipelines.Workflows;
using Portal.Providers.Local.Processes;
using Portal.Providers.Local.Repositories;

namespace Portal.Providers.Local.Pipelines;

/// <summary>Runs the workflows of local repositories on this machine.</summary>
internal sealed partial class LocalPipelineHost : IPipelineHost, ILocalPushes, ILocalArtifacts, IHostedService, IDisposable
{
    private const int MaxAttempts = 3;

    private readonly LocalFolders folders;
    private readonly Machine machine;
    private readonly RunStore store;
    private readonly RunEvents events;
    private readonly ILogger<LocalPipelineHost> logger;
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<string, (PipelineRunner Runner, RunLog Log, Task Task)> running = new(StringComparer.Ordinal);
    private readonly Lazy<Task> loaded;

    /// <inheritdoc/>
    public string RunsAs => $"It runs on the portal's own machine. {machine.Description}";

    public LocalPipelineHost(LocalFolders folders, Machine machine, IProviderEvents events, ILogger<LocalPipelineHost> logger)
    {
        (this.folders, this.machine, this.logger) = (folders, machine, logger);
        this.events = new RunEvents(events, Instance);
        store = new RunStore(machine.Folders);
        loaded = new Lazy<Task>(() => Task.Run(LoadAsync));
    }

    public string Instance => LocalSetup.Instance;

    public string Type => LocalSetup.Type;

    public bool TellsAll => true;

    public async Task<PipelineRunInfo> TriggerAsync(TriggerPipeline request, CancellationToken cancellation)
    {
        await loaded.Value;
        if (store.FindByCorrelation(request.Repository, request.Correlation) is { } there) return there.Info;
        var folder = folders.Repository(request.Repository);
        if (!Directory.Exists(folder)) throw ProviderException.NotFound("repository-unknown", $"There is no repository {request.Repository}.");
        if (!IsWorkflowName(request.Workflow)) throw ProviderException.Invalid("workflow-name", $"'{request.Workflow}' is not the name of a workflow; give a file name such as ci.yml.");
        var found = await LocalReferences.FindAsync(folder, request.Reference, cancellation)
            ?? throw ProviderException.NotFound("reference-unknown", $"There is no branch, tag or commit '{request.Reference}' in {request.Repository}.");
        var workflows = await new CommitFiles(folder, found.Commit).ReadWorkflowsAsync(cancellation);
        if (!workflows.TryGetValue($"{CommitFiles.Workflows}/{request.Workflow}", out var text))
        {
            throw ProviderException.NotFound(
                "workflow-unknown", $"{request.Repository} has no workflow {request.Workflow} at {request.Reference}; there are: {(workflows.Count == 0 ? "none" : string.Join(", ", workflows.Keys.Select(Path.GetFileName)))}.");
        }

        CheckInputs(request, text);
        var reference = found.Reference ?? $"refs/heads/{await DefaultBranchAsync(folder, cancellation)}";
        return Add(request.Repository, request.Workflow, request.Correlation, found.Commit, found.Subject, reference, PipelineTrigger.Manual, null, null, request.Inputs).Info;
    }

    public async Task PushedAsync(LocalPush push, CancellationToken cancellation)
    {
        await loaded.Value;
        if (push.Push.After is not { } after) return;
        var folder = folders.Repository(push.Push.Repository);
        if (!Directory.Exists(folder)) return;
        // A tag may name anything: only one that leads to a commit has workflows.
        var commit = push.IsTag ? await LocalReferences.FindCommitAsync(folder, after, cancellation) : after;
        if (commit is null) return;
        var workflows = await new CommitFiles(folder, commit).ReadWorkflowsAsync(cancellation);
        if (workflows.Count == 0) return;
        var changed = new Lazy<Task<IReadOnlyList<string>?>>(() => PushedChanges.FindAsync(folder, push.Push.Before, commit, cancellation));
        string? subject = null;
        foreach (var (path, text) in workflows)
        {
            if (!await TakesAsync(path, text, push, changed)) continue;
            subject ??= (await LocalReferences.FindAsync(folder, commit, cancellation))?.Subject ?? "";
            Add(push.Push.Repository, Path.GetFileName(path), $"push:{push.Id}:{Path.GetFileName(path)}", commit, subject, $"refs/{(push.IsTag ? "tags" : "heads")}/{push.Push.Branch}", PipelineTrigger.Push, push.Push.Before, push.Push.By);
        }
    }

    public async Task<PipelineRunInfo?> FindByCorrelationAsync(RepositoryName repository, string correlation, CancellationToken cancellation)
    {
        await loaded.Value;
        return store.FindByCorrelation(repository, correlation)?.Info;
    }

    public async Task<PipelineRunInfo?> FindAsync(string id, CancellationToken cancellation)
    {
        await loaded.Value;
        return store.Find(id)?.Info;
    }

    public async Task<IReadOnlyList<PipelineRunInfo>> ListAsync(RepositoryName repository, int limit, CancellationToken cancellation)
    {
        await loaded.Value;
        return [.. store.List(repository, limit).Select(r => r.Info)];
    }

    public async Task<IReadOnlyList<HostLogLine>> ReadLogAsync(string id, long after, int limit, CancellationToken cancellation)
    {
        await loaded.Value;
        if (store.Find(id) is null) return [];
        if (running.TryGetValue(id, out var live)) live.Log.Flush();
        return RunLog.Read(machine.Folders.Log(id), after, limit);
    }

    public async Task<PipelineRunInfo> RerunAsync(string id, CancellationToken cancellation)
    {
        await loaded.Value;
        if (store.Find(id) is not { } run) throw ProviderException.NotFound("pipeline-run-not-found", $"There is no pipeline run {id}.");
        if (!run.Info.IsFinished) throw ProviderException.Conflict("pipeline-run-active", $"The pipeline run #{run.Info.Number} of {run.Info.Repository} is not over yet: wait for its end, or cancel it.");
        return Add(
            run.Info.Repository, run.Info.Workflow, $"rerun:{Guid.CreateVersion7():N}", run.Info.Commit, run.Info.CommitSubject, run.Reference, run.Info.Trigger, run.Before, run.By, run.Inputs).Info;
    }

    public async Task CancelAsync(string id, CancellationToken cancellation)
    {
        await loaded.Value;
        if (!running.TryGetValue(id, out var live)) return;
        live.Runner.Cancel();
        await live.Task.WaitAsync(cancellation);
    }

    public LocalArtifact? Find(string pipelineRunId, string name)
    {
        loaded.Value.GetAwaiter().GetResult();
        if (store.Find(pipelineRunId) is not { } run || !UploadArtifactAction.IsName(name)) return null;
        var folder = Path.Combine(machine.Folders.Artifacts(pipelineRunId), name);
        return Directory.Exists(folder) ? new LocalArtifact(run.Info.Repository, run.Info.Commit, folder) : null;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (machine.Sandbox.Isolation.Missing is { } why) LogNotIsolated(logger, why);
        if (machine.NetworkMissing is { } missing) LogNoNetwork(logger, missing);
        _ = loaded.Value.ContinueWith(t => LogNotLoaded(logger, t.Exception!), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return Task.CompletedTask;
    }

    /// <summary>Ends what runs; it starts again with the next portal.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await Task.WhenAll(running.Values.Select(r => r.Task)).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await events.DrainAsync().WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => stopping.Dispose();

    private static bool IsWorkflowName(string name) =>
        Path.GetExtension(name) is ".yml" or ".yaml" && name == Path.GetFileName(name) && name.Length <= 200 && !name.Any(char.IsControl);

    private static void CheckInputs(TriggerPipeline request, string text)
    {
        if (request.Inputs is not { Count: > 0 } given) return;
        IReadOnlyDictionary<string, InputDefinition> declared;
        try
        {
            declared = WorkflowParser.Parse(request.Workflow, text).Inputs;
        }
        catch (WorkflowException)
        {
            // It becomes a run that fails with the reason.
            return;
        }

        if (given.Keys.FirstOrDefault(k => !declared.ContainsKey(k)) is { } unknown)
            throw ProviderException.Invalid("workflow-input-unknown", $"{request.Workflow} of {request.Repository} has no input '{unknown}' below on.workflow_dispatch.inputs; it has: {(declared.Count == 0 ? "none" : string.Join(", ", declared.Keys))}.");
    }

    private static async Task<bool> TakesAsync(string path, string text, LocalPush push, Lazy<Task<IReadOnlyList<string>?>> changed)
    {
        PushFilter? filter;
        try
        {
            filter = WorkflowParser.Parse(path, text).Push;
        }
        catch (WorkflowException)
        {
            // It becomes a run that fails with the reason: a broken workflow must not look like none.
            return true;
        }

        if (filter is null || !filter.TakesReference(push.Push.Branch, push.IsTag)) return false;
        // Of a tag nothing has changed: its paths are not asked for, as at GitHub.
        return push.IsTag || !filter.NeedsChangedFiles || filter.TakesPaths(await changed.Value);
    }

    private static async Task<string> DefaultBranchAsync(string folder, CancellationToken cancellation)
    {
        var head = await File.ReadAllTextAsync(Path.Combine(folder, "HEAD"), cancellation);
        return head.Trim().Replace("ref: refs/heads/", "", StringComparison.Ordinal);
    }

    private StoredRun Add(
        RepositoryName repository, string workflow, string correlation, string commit, string subject, string reference, PipelineTrigger trigger, string? before, string? by,
        IReadOnlyDictionary<string, string>? inputs = null)
    {
        var branch = reference[(reference.IndexOf('/', 5) + 1)..];
        var (run, added) = store.Add(repository, correlation, number => new StoredRun(
            new PipelineRunInfo(
                Guid.CreateVersion7().ToString("N"), repository, workflow, number, branch, commit, subject, trigger, PipelineStatus.Queued,
                machine.Time.Now(), null, null, [], [], 0, null),
            correlation, 1, reference, before, by, inputs));
        if (!added) return run;
        events.Tell(run.Info);
        Launch(run);
        return run;
    }

    private async Task LoadAsync()
    {
        store.Load();
        foreach (var run in store.Unfinished())
        {
            await ProcessKiller.EndAsync($"{run.Info.Id}.", machine.Sandbox.Grace, prefix: true);
            DeleteWork(run.Info.Id);
            if (run.Attempt >= MaxAttempts)
            {
                var given = run with { Info = run.Info with { Status = PipelineStatus.Failed, FinishedAt = machine.Time.Now(), Failure = $"The portal ended {MaxAttempts} times while this ran: it is not started again." } };
                store.Update(given);
                events.Tell(given.Info);
                continue;
            }

            var again = run with
            {
                Attempt = run.Info.StartedAt is null ? run.Attempt : run.Attempt + 1,
                Info = run.Info with { Status = PipelineStatus.Queued, StartedAt = null, Jobs = [], Artifacts = [], SkippedSteps = 0, Failure = null },
            };
            if (Directory.Exists(machine.Folders.Artifacts(run.Info.Id))) Directory.Delete(machine.Folders.Artifacts(run.Info.Id), true);
            store.Update(again);
            Launch(again);
        }
    }

    private void Launch(StoredRun run)
    {
        var log = new RunLog(machine.Folders.Log(run.Info.Id), (long)machine.Options.MaxLogMiB << 20, machine.Time);
        if (run.Attempt > 1) log.Write(run.Info.Workflow, $"The portal was restarted while this ran: attempt {run.Attempt} starts from the beginning.", own: true);
        var live = new LiveRun(run, log, machine.Time, changed =>
        {
            store.Update(changed);
            events.Tell(changed.Info);
        });
        var runner = new PipelineRunner(machine, live, folders.Repository(run.Info.Repository));
        var begin = new TaskCompletionSource();
        running[run.Info.Id] = (runner, log, FollowAsync(begin.Task, runner, live));
        begin.SetResult();
    }

    private async Task FollowAsync(Task begin, PipelineRunner runner, LiveRun live)
    {
        await begin.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var info = live.Start.Info;
        try
        {
            await runner.RunAsync(stopping.Token);
        }
        catch (Exception bug)
        {
            LogFailed(logger, info.Id, bug);
            live.End(PipelineStatus.Failed, bug is ProviderException or IOException ? bug.Message : "The portal failed to run it; its log has the details.");
        }
        finally
        {
            live.Log.Dispose();
            runner.Dispose();
            try
            {
                DeleteWork(info.Id);
                if (!stopping.IsCancellationRequested) store.Prune(info.Repository, machine.Options.KeepRuns);
            }
            catch (Exception left) when (left is IOException or UnauthorizedAccessException)
            {
                LogLeft(logger, info.Id, left);
            }

            // Last: who waits for the runs to end (a portal that stops) finds nothing half removed.
            running.TryRemove(info.Id, out _);
        }
    }

    private void DeleteWork(string id)
    {
        var work = machine.Folders.Work(id);
        if (Directory.Exists(work)) Directory.Delete(work, true);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Jobs and environments are not isolated from this machine: {Why}")]
    private static partial void LogNotIsolated(ILogger logger, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Jobs fail, because they are to have the network outside: {Why}")]
    private static partial void LogNoNetwork(ILogger logger, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "The local pipeline runs could not be read")]
    private static partial void LogNotLoaded(ILogger logger, Exception e);

    [LoggerMessage(Level = LogLevel.Error, Message = "The pipeline run {Run} could not be run to its end")]
    private static partial void LogFailed(ILogger logger, string run, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Of the pipeline run {Run} something is left on disk")]
    private static partial void LogLeft(ILogger logger, string run, Exception e);
}
