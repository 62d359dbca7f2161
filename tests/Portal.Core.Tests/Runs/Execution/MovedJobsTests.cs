using Portal.Core.Runs.Execution;
using Quartz;

namespace Portal.Core.Tests.Runs.Execution;

public sealed class MovedJobsTests
{
    /// <summary>What a scheduler of the release before has written for a run that was queued then.</summary>
    [Theory]
    [InlineData("Portal.Core.GoldenPaths.Runs.Execution.RunJob, Portal.Core")]
    [InlineData("Portal.Core.GoldenPaths.Runs.Execution.RunSweepJob, Portal.Core")]
    [InlineData("Portal.Core.Webhooks.WorkOffJob, Portal.Core")]
    [InlineData("Portal.Core.Webhooks.ForgetDeliveriesJob, Portal.Core")]
    public void Map_NameOfTheReleaseBefore_IsAJobOfThisOne(string name)
    {
        var types = new TypeLoaderOptions();

        MovedJobs.Map(types);

        Assert.True(typeof(IJob).IsAssignableFrom(Type.GetType(types.Aliases[name]!, throwOnError: true)));
    }
}
