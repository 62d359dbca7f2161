using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.TestKit.Conformance;

namespace Portal.Providers.Tests.GitHub;

public sealed class GitHubPipelineConformanceTests(
    GitHubFixture github) : PipelineHostConformance, IClassFixture<GitHubFixture>, IDisposable
{
    protected override IPipelineHost Host => github.Impatient<IPipelineHost>();

    protected override bool NumbersPerRepository => false;

    protected override bool HasLogWhileRunning => false;

    protected override bool Fail(HostFailure failure) => github.Fail(failure);

    protected override void Mend() => github.Mend();

    protected override async Task<(RepositoryName Repository, string Commit)> NewRepositoryAsync()
    {
        var made = await github.Repositories.CreateAsync(GitHubThings.Request(
            GitHubThings.NewName(), (".github/workflows/passes.yml", Passes), (
                ".github/workflows/fails.yml", Fails), (".github/workflows/waits.yml", Waits)), Cancellation);
        return (made.Name, made.HeadCommit!);
    }

    public void Dispose() => Assert.Empty(github.World.Violations);
}
