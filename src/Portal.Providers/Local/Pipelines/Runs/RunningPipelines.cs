using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Portal.Core.Providers;
using Portal.Providers.Local.Pipelines.Jobs;

namespace Portal.Providers.Local.Pipelines.Runs;

/// <summary>The runs that this process executes at the moment.</summary>
internal sealed partial class RunningPipelines(
    LocalFolders folders, Machine machine, RunStore store, RunEvents events, ILogger logger)
    : IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<string, (PipelineRunner Runner, RunLog Log, Task Task)> running = new(
        StringComparer.Ordinal);

    public void Launch(StoredRun run)
    {
        var log = new RunLog(machine.Folders.Log(run.Info.Id), (long)machine.Options.MaxLogMiB << 20, machine.Time);
        if (run.Attempt > 1)
        {
            log.Write(
                run.Info.Workflow, $"The portal was restarted while this ran: attempt {run.Attempt} starts from the "
                    + "beginning.", own: true);
        }

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

    /// <summary>What was written so far can be read from its file.</summary>
    public void FlushLog(string id)
    {
        if (running.TryGetValue(id, out var live)) live.Log.Flush();
    }

    public async Task CancelAsync(string id, CancellationToken cancellation)
    {
        if (!running.TryGetValue(id, out var live)) return;
        live.Runner.Cancel();
        await live.Task.WaitAsync(cancellation);
    }

    public async Task StopAsync(CancellationToken cancellation)
    {
        await stopping.CancelAsync();
        await Task.WhenAll(running.Values.Select(r => r.Task)).WaitAsync(cancellation)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => stopping.Dispose();

    private async Task FollowAsync(Task begin, PipelineRunner runner, LiveRun live)
    {
        await begin.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await runner.RunAsync(stopping.Token);
        }
        catch (Exception bug)
        {
            LogFailed(logger, live.Id, bug);
            live.End(PipelineStatus.Failed, bug is ProviderException or IOException
                ? bug.Message : "The portal failed to run it; its log has the details.");
        }
        finally
        {
            live.Log.Dispose();
            runner.Dispose();
            TidyUp(live.Start);
            // Last: who waits for the runs to end (a portal that stops) finds nothing half removed.
            running.TryRemove(live.Id, out _);
        }
    }

    private void TidyUp(StoredRun run)
    {
        try
        {
            machine.Folders.DeleteWork(run.Info.Id);
            if (!stopping.IsCancellationRequested) store.Prune(run.Info.Repository, machine.Options.KeepRuns);
        }
        catch (Exception left) when (left is IOException or UnauthorizedAccessException)
        {
            LogLeft(logger, run.Info.Id, left);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The pipeline run {Run} could not be run to its end")]
    private static partial void LogFailed(ILogger logger, string run, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Of the pipeline run {Run} something is left on disk")]
    private static partial void LogLeft(ILogger logger, string run, Exception e);
}
