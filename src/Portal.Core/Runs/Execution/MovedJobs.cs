using Portal.Core.Inbound;
using Quartz;

namespace Portal.Core.Runs.Execution;

/// <summary>
/// Jobs that the scheduler's tables of an earlier version know under the name that their class had then.
/// </summary>
internal static class MovedJobs
{
    public static void Map(TypeLoaderOptions types)
    {
        types.Map("Portal.Core.GoldenPaths.Runs.Execution.RunJob, Portal.Core", typeof(RunJob));
        types.Map("Portal.Core.GoldenPaths.Runs.Execution.RunSweepJob, Portal.Core", typeof(RunSweepJob));
        types.Map("Portal.Core.Webhooks.WorkOffJob, Portal.Core", typeof(WorkOffJob));
        types.Map("Portal.Core.Webhooks.ForgetDeliveriesJob, Portal.Core", typeof(ForgetDeliveriesJob));
    }
}
