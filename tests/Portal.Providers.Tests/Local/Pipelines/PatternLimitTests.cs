using Portal.Providers.Local.Pipelines;
using Portal.Providers.Local.Pipelines.Files;
using Portal.Providers.Local.Pipelines.Workflows;

namespace Portal.Providers.Tests.Local.Pipelines;

public sealed class PatternLimitTests
{
    [Fact]
    public void GlobOf_LongerThanTheLimit_IsRefusedInWords()
    {
        var refused = Assert.Throws<WorkflowException>(() => WorkspaceFiles.GlobOf(new string('*', 501)));
        Assert.Contains("longer than 500 characters", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TakesPaths_MorePathsThanCanBeLookedThrough_RunsAsAtGitHub()
    {
        var filter = new PushFilter(null, null, null, null, [.. Enumerable.Repeat(new string('*', 500), 100)], null);

        Assert.True(filter.TakesPaths([.. Enumerable.Repeat(new string('a', 4_000), 10_000)]));
    }
}
