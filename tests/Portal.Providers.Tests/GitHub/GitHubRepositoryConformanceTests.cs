using Portal.Core.Providers;
using Portal.TestKit.Conformance;

namespace Portal.Providers.Tests.GitHub;

public sealed class GitHubRepositoryConformanceTests(
    GitHubFixture github) : RepositoryHostConformance, IClassFixture<GitHubFixture>, IDisposable
{
    protected override IRepositoryHost Host => github.Impatient<IRepositoryHost>();

    protected override bool Fail(HostFailure failure) => github.Fail(failure);

    protected override void Mend() => github.Mend();

    /// <summary>Whatever a test asks: GitHub describes it so.</summary>
    public void Dispose() => Assert.Empty(github.World.Violations);
}
