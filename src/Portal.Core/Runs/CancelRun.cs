using Portal.Core.Data.Clocks;
using Portal.Core.Shared;

namespace Portal.Core.Runs;

/// <summary>Asks a run to stop; it does so inside the step that it is in. What it made stays and is listed.</summary>
public sealed class CancelRun(ControlledRuns runs, IClocks clocks)
{
    public async Task<Result<Done>> ExecuteAsync(Guid id, Actor actor, CancellationToken cancellation)
    {
        // Its secrets are forgotten so long after it.
        var now = await clocks.DatabaseAsync(cancellation);
        return await runs.ChangeAsync(id, actor, "run.cancel-requested", "asked to cancel the run", run =>
        {
            if (run.IsOver || run.Status == RunStatus.Undoing) return RunErrors.Over(run);
            run.RequestCancel(now);
            return null;
        }, cancellation);
    }
}
