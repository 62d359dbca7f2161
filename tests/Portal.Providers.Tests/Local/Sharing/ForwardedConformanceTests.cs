using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Local;
using Portal.TestKit.Conformance;

namespace Portal.Providers.Tests.Local.Sharing;

/// <summary>Two hosts on one folder: the first keeps it, the second forwards.</summary>
public sealed class ForwardingPair : IAsyncLifetime
{
    private readonly string data = SharedHost.NewData();
    private SharedHost? keeper;
    private SharedHost? forwarder;

    public ForwardingPair() => Artifacts = new FakeArtifacts(Path.Combine(data, "artifacts"));

    internal FakeArtifacts Artifacts { get; }

    internal SharedHost Forwarder => forwarder!;

    public async ValueTask InitializeAsync()
    {
        keeper = await SharedHost.StartAsync(data, services => services.AddSingleton<ILocalArtifacts>(Artifacts));
        forwarder = await SharedHost.StartAsync(
            data, services => services.AddSingleton<ILocalArtifacts>(new FakeArtifacts("/nowhere")));
        Assert.Equal((true, false), (keeper.IsKeeping, forwarder.IsKeeping));
    }

    public async ValueTask DisposeAsync()
    {
        if (forwarder is not null) await forwarder.DisposeAsync();
        if (keeper is not null) await keeper.DisposeAsync();
        Directory.Delete(data, recursive: true);
    }
}

public sealed class ForwardedPipelineConformanceTests(
    ForwardingPair pair) : PipelineHostConformance, IClassFixture<ForwardingPair>
{
    protected override IPipelineHost Host => pair.Forwarder.Pipelines;

    /// <summary>Where the one that keeps the folder is gone, this one keeps it: TakeOverTests.</summary>
    protected override bool Fail(HostFailure failure) => false;

    protected override void Mend()
    {
    }

    protected override async Task<(RepositoryName Repository, string Commit)> NewRepositoryAsync()
    {
        const string folder = ".github/workflows/";
        var name = new RepositoryName("team-a", "shop-" + Guid.NewGuid().ToString("N")[..8]);
        var made = await pair.Forwarder.Repositories.CreateAsync(
            SharedHost.Repository(
                name, (folder + "passes.yml", Passes), (folder + "fails.yml", Fails),
                (folder + "waits.yml", Waits)), Cancellation);
        return (name, made.HeadCommit!);
    }

    [Fact]
    public void RunsAs_Anywhere_IsSaid() => Assert.Contains("machine", Host.RunsAs, StringComparison.Ordinal);
}

public sealed class ForwardedEnvironmentConformanceTests(
    ForwardingPair pair) : EnvironmentHostConformance, IClassFixture<ForwardingPair>
{
    protected override IEnvironmentHost Host => pair.Forwarder.Environments;

    /// <summary>Where the one that keeps the folder is gone, this one keeps it: TakeOverTests.</summary>
    protected override bool Fail(HostFailure failure) => false;

    protected override void Mend()
    {
    }

    protected override Task<EnvironmentVersion> WorkingRunAsync(RepositoryName repository, string answer) =>
        VersionAsync(pair.Artifacts.AddAsync(pair.Forwarder.Repositories, repository, FakeArtifacts.Service(answer)));

    protected override Task<EnvironmentVersion> DyingRunAsync(RepositoryName repository) =>
        VersionAsync(pair.Artifacts.AddAsync(
            pair.Forwarder.Repositories, repository,
            "console.log('starting'); console.error('cannot find the settings'); process.exit(1);"));
}
