using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Web.Controls;

namespace Portal.Web.Tests.Controls;

public sealed class StatusTests
{
    [Fact]
    public void Of_EveryStatusThatThereIs_HasAWordAndAnIcon()
    {
        Status[] all =
        [
            .. Enum.GetValues<RunStatus>().Select(Status.Of), .. Enum.GetValues<StepStatus>().Select(Status.Of),
            .. Enum.GetValues<EnvironmentStatus>().Select(Status.Of),
        ];

        Assert.All(all, s => Assert.NotEmpty(s.Word));
        Assert.All(all, s => Assert.NotEmpty(s.Icon));
    }
}
