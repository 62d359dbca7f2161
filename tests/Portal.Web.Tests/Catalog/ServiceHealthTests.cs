using Portal.Core.Delivery;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Web.Catalog;
using Portal.Web.Controls;

namespace Portal.Web.Tests.Catalog;

public sealed class ServiceHealthTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_NothingRuns_UnknownAndSaysWhy()
    {
        var health = ServiceHealth.Of([], []);

        Assert.Equal("Unknown", health.Status.Word);
        Assert.Contains("No environment runs it", health.Reason);
    }

    [Fact]
    public void Of_OnlyStopped_Unknown() =>
        Assert.Equal("Unknown", ServiceHealth.Of([Environment("dev", EnvironmentStatus.Stopped)], []).Status.Word);

    [Fact]
    public void Of_RunningAndPassed_Healthy() =>
        Assert.Equal(Tone.Success, ServiceHealth.Of(
            [Environment("dev", EnvironmentStatus.Running)], [Pipeline(1, PipelineStatus.Passed)]).Status.Tone);

    [Fact]
    public void Of_OneUnhealthyAmongRunning_UnhealthyAndNamesIt()
    {
        var health = ServiceHealth.Of(
            [Environment("dev", EnvironmentStatus.Running), Environment("prod", EnvironmentStatus.Unhealthy)], []);

        Assert.Equal("Unhealthy", health.Status.Word);
        Assert.Contains("prod", health.Reason);
        Assert.DoesNotContain("dev", health.Reason);
    }

    [Fact]
    public void Of_RunningButNewestFinishedPipelineFailed_Warns()
    {
        var health = ServiceHealth.Of(
            [Environment("dev", EnvironmentStatus.Running)], [Pipeline(
                3, PipelineStatus.Running), Pipeline(2, PipelineStatus.Failed), Pipeline(1, PipelineStatus.Passed)]);

        Assert.Equal(Tone.Warning, health.Status.Tone);
        Assert.Contains("#2", health.Reason);
    }

    private static PortalEnvironment Environment(string name, EnvironmentStatus status)
    {
        var environment = new PortalEnvironment
        {
            Id = $"orders-{name}", Name = name, Component = "component:default/orders", Owner = "group:default/orders",
            Type = "dev", Size = "small", Provider = "local",
            Repository = "orders/orders", CreatedBy = "user:default/ada", RunId = Guid.Empty, PricePerHour = 0.01m,
            Currency = "EUR", CreatedAt = Now,
        };
        environment.Follow(new EnvironmentInfo(
            environment.Id, name, RepositoryName.Parse("orders/orders"), status, null, null, null, "small", null, 0,
            null, Now, Now));
        return environment;
    }

    private static PipelineRun Pipeline(int number, PipelineStatus status)
    {
        var run = new PipelineRun
        {
            Provider = "local", Id = $"run-{number}", Repository = "orders/orders", Number = number, Branch = "main",
            Commit = "c0ffee0", CreatedAt = Now
        };
        run.Follow(new PipelineRunInfo(
            run.Id, RepositoryName.Parse("orders/orders"), "ci.yml", number, "main", "c0ffee0", "Change",
            PipelineTrigger.Push, status, Now, Now,
            status == PipelineStatus.Running ? null : Now, [], [], 0, null));
        return run;
    }
}
