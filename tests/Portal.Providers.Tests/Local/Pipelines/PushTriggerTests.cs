using Portal.Core.Providers;

namespace Portal.Providers.Tests.Local.Pipelines;

/// <summary>Which workflows a push starts.</summary>
public sealed class PushTriggerTests : IAsyncDisposable
{
    private readonly PipelineTestHost host = new();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Theory]
    [InlineData("push", "main", true)]
    [InlineData("[push, workflow_dispatch]", "feature/x", true)]
    [InlineData("workflow_dispatch", "main", false)]
    [InlineData("{ push: { branches: [main] } }", "main", true)]
    [InlineData("{ push: { branches: [main] } }", "maintenance", false)]
    [InlineData("{ push: { branches: ['release/**'] } }", "release/1/x", true)]
    [InlineData("{ push: { branches: ['release/*'] } }", "release/1/x", false)]
    [InlineData("{ push: { branches: ['**', '!wip/**'] } }", "wip/x", false)]
    [InlineData("{ push: { branches: ['!wip/**', '**'] } }", "wip/x", true)]
    [InlineData("{ push: { branches-ignore: ['wip/**'] } }", "wip/x", false)]
    [InlineData("{ push: { branches-ignore: ['wip/**'] } }", "main", true)]
    [InlineData("{ push: { tags: ['v*'] } }", "main", false)]
    [InlineData("{ push: { branches: ['v[12].?'] } }", "v2.", true)]
    public async Task Push_BranchFilters_DecideWhetherItStarts(string on, string branch, bool starts) =>
        Assert.Equal(starts ? 1 : 0, (await host.PushAsync(host.CommitWorkflow(Workflow(on)), branch: branch)).Count);

    [Theory]
    [InlineData("push", "v1", true)]
    [InlineData("{ push: { tags: ['v*'] } }", "v1.2", true)]
    [InlineData("{ push: { tags: ['v*'] } }", "latest", false)]
    [InlineData("{ push: { tags-ignore: ['v*'] } }", "v1", false)]
    [InlineData("{ push: { branches: [main] } }", "v1", false)]
    [InlineData("{ push: { branches: [main], tags: ['v*'] } }", "v1", true)]
    [InlineData("{ push: { tags: ['v*'], paths: ['never/**'] } }", "v1", true)]
    public async Task Push_TagFilters_DecideWhetherItStarts(string on, string tag, bool starts) =>
        Assert.Equal(
            starts ? 1 : 0, (await host.PushAsync(host.CommitWorkflow(Workflow(on)), branch: tag, isTag: true)).Count);

    [Theory]
    [InlineData("paths: ['src/**']", "src/a.cs", true)]
    [InlineData("paths: ['src/**']", "docs/a.md", false)]
    [InlineData("paths: ['src/**', '!src/**/*.md']", "src/x/read.md", false)]
    [InlineData("paths-ignore: ['docs/**']", "docs/a.md", false)]
    [InlineData("paths-ignore: ['docs/**']", "src/a.cs", true)]
    [InlineData("paths: ['*.js']", "src/a.js", false)]
    public async Task Push_PathFilters_DecideWhetherItStarts(string filter, string changed, bool starts)
    {
        var before = host.CommitWorkflow(Workflow($"{{ push: {{ {filter} }} }}"));
        var after = host.Commit((changed, "changed"));

        Assert.Equal(starts ? 1 : 0, (await host.PushAsync(after, before)).Count);
        // A new branch has nothing to compare with: it starts, as at GitHub.
        Assert.Single(await host.PushAsync(after, before: null, branch: "new"));
    }

    [Fact]
    public async Task Push_AnnotatedTag_RunsAtItsCommitAndKnowsTheTag()
    {
        var commit = host.CommitWorkflow("""
            on: { push: { tags: ['v*'] } }
            jobs: { build: { runs-on: ubuntu-latest, steps: [{ uses: actions/checkout@v4 }, { run: "echo \"$GITHUB_REF $GITHUB_REF_TYPE $(git rev-parse HEAD)\"" }] } }
            """);
        PipelineTestHost.Git(
            host.Clone, "-c", "user.name=Test", "-c", "user.email=test@example.com", "tag", "-a", "v1.0", "-m",
            "First");
        PipelineTestHost.Git(host.Clone, "push", "--quiet", "origin", "v1.0");

        var run = Assert.Single(
            await host.PushAsync(PipelineTestHost.Git(host.Clone, "rev-parse", "v1.0"), branch: "v1.0", isTag: true));
        var ended = await host.EndAsync(run.Id);

        Assert.True(ended.Status == PipelineStatus.Passed, ended.Failure);
        Assert.Equal((commit, "v1.0", "A change"), (ended.Commit, ended.Branch, ended.CommitSubject));
        Assert.Contains($"refs/tags/v1.0 tag {commit}", await host.LogAsync(run.Id));
    }

    private static string Workflow(string on) =>
        $"on: {on}\njobs: {{ build: {{ runs-on: ubuntu-latest, steps: [{{ run: \"true\" }}] }} }}\n";
}
