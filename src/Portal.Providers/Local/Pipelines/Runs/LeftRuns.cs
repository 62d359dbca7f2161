using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Local.Pipelines.Jobs;
using Portal.Providers.Local.Processes;

namespace Portal.Providers.Local.Pipelines.Runs;

/// <summary>
/// What an earlier process left: it is read, what ran then is ended with all its processes, and begins anew, a few
/// times.
/// </summary>
internal sealed class LeftRuns(Machine machine, RunStore store, RunEvents events, RunningPipelines running)
{
    private const int MaxAttempts = 3;

    public async Task TakeUpAsync()
    {
        store.Load();
        foreach (var run in store.Unfinished())
        {
            await ProcessKiller.EndAsync($"{run.Info.Id}.", machine.Sandbox.Grace, prefix: true);
            machine.Folders.DeleteWork(run.Info.Id);
            if (run.Attempt < MaxAttempts) BeginAnew(run);
            else GiveUp(run);
        }
    }

    private void BeginAnew(StoredRun run)
    {
        var again = run with
        {
            Attempt = run.Info.StartedAt is null ? run.Attempt : run.Attempt + 1,
            Info = run.Info with
            {
                Status = PipelineStatus.Queued, StartedAt = null, Jobs = [], Artifacts = [], SkippedSteps = 0,
                Failure = null,
            },
        };
        if (Directory.Exists(machine.Folders.Artifacts(run.Info.Id)))
        {
            Directory.Delete(machine.Folders.Artifacts(run.Info.Id), true);
        }
        store.Update(again);
        running.Launch(again);
    }

    private void GiveUp(StoredRun run)
    {
        var given = run with
        {
            Info = run.Info with
            {
                Status = PipelineStatus.Failed, FinishedAt = machine.Time.Now(),
                Failure = $"The portal ended {MaxAttempts} times while this ran: it is not started again.",
            },
        };
        store.Update(given);
        events.Tell(given.Info);
    }
}
