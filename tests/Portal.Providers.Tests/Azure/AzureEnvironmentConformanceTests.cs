using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.TestKit.Azure;
using Portal.TestKit.Conformance;

namespace Portal.Providers.Tests.Azure;

/// <summary>The adapter keeps what every host of environments keeps.</summary>
public sealed class AzureEnvironmentConformanceTests(
    AzureFixture azure) : EnvironmentHostConformance, IClassFixture<AzureFixture>, IDisposable
{
    protected override IEnvironmentHost Host => azure.Environments;

    protected override bool Fail(HostFailure failure) =>
        azure.Fail(failure, "Microsoft.Resources/subscriptions/resourceGroups/read");

    protected override void Mend() => azure.Mend();

    protected override Task<EnvironmentVersion> WorkingRunAsync(RepositoryName repository, string answer) =>
        Task.FromResult(azure.World.Working(repository, answer));

    protected override Task<EnvironmentVersion> DyingRunAsync(RepositoryName repository) =>
        Task.FromResult(azure.World.Dying(repository));

    protected override async Task<string> AskAsync(EnvironmentInfo environment)
    {
        using var client = new HttpClient(azure.World.TrustingHandler());
        return await client.GetStringAsync(new Uri(environment.Url!), Cancellation);
    }

    /// <summary>Whatever was tested: nothing was sent that Azure would not take.</summary>
    public void Dispose() => Assert.Empty(azure.World.Violations);
}
