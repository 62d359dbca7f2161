using Microsoft.Extensions.Logging;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Local.Pipelines.Jobs;

namespace Portal.Providers.Local.Pipelines.Runs;

/// <summary>
/// The pipeline runs of the folder: read from it once, before anybody learns of one, and executed from when they are
/// added.
/// </summary>
internal sealed class PipelineRuns : IDisposable
{
    private readonly Machine machine;
    private readonly RunStore store;
    private readonly RunEvents events;
    private readonly RunningPipelines running;
    private readonly Lazy<Task> loaded;

    public PipelineRuns(LocalFolders folders, Machine machine, IProviderEvents events, ILogger<PipelineRuns> logger)
    {
        this.machine = machine;
        this.events = new RunEvents(events, LocalSetup.Instance);
        store = new RunStore(machine.Folders);
        running = new RunningPipelines(folders, machine, store, this.events, logger);
        loaded = new Lazy<Task>(() => Task.Run(new LeftRuns(machine, store, this.events, running).TakeUpAsync));
    }

    /// <summary>What an earlier process left has been taken up.</summary>
    public Task LoadedAsync() => loaded.Value;

    public async Task<StoredRun?> FindAsync(string id, CancellationToken cancellation = default)
    {
        await ReadyAsync(cancellation);
        return store.Find(id);
    }

    public async Task<StoredRun?> FindByCorrelationAsync(
        RepositoryName repository, string correlation, CancellationToken cancellation)
    {
        await ReadyAsync(cancellation);
        return store.FindByCorrelation(repository, correlation);
    }

    public async Task<IReadOnlyList<StoredRun>> ListAsync(
        RepositoryName repository, int limit, CancellationToken cancellation)
    {
        await ReadyAsync(cancellation);
        return store.List(repository, limit);
    }

    public async Task<IReadOnlyList<HostLogLine>> ReadLogAsync(
        string id, long after, int limit, CancellationToken cancellation)
    {
        if (await FindAsync(id, cancellation) is null) return [];
        running.FlushLog(id);
        return RunLog.Read(machine.Folders.Log(id), after, limit);
    }

    /// <summary>
    /// Is on disk when it returns, and begins when it is its turn; or the one that there is with this correlation.
    /// </summary>
    public async Task<StoredRun> AddAsync(NewRun request)
    {
        await LoadedAsync();
        var (run, added) = store.Add(
            request.Repository, request.Correlation, number => request.Queued(number, machine.Time.Now()));
        if (!added) return run;
        events.Tell(run.Info);
        running.Launch(run);
        return run;
    }

    /// <summary>Returns when it has ended; one that does not run is left as it is.</summary>
    public async Task CancelAsync(string id, CancellationToken cancellation)
    {
        await ReadyAsync(cancellation);
        await running.CancelAsync(id, cancellation);
    }

    /// <summary>Ends what runs; it starts again with the next portal.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        await running.StopAsync(cancellation);
        await events.DrainAsync().WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>For who may not want to wait any more, or has not from the beginning.</summary>
    private Task ReadyAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return LoadedAsync().WaitAsync(cancellation);
    }

    public void Dispose() => running.Dispose();
}
