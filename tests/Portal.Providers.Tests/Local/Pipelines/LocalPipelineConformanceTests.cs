using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.TestKit.Conformance;

namespace Portal.Providers.Tests.Local.Pipelines;

public sealed class LocalPipelineConformanceTests : PipelineHostConformance, IAsyncDisposable
{
    private readonly PipelineTestHost host = new();

    protected override IPipelineHost Host => host.Host;

    public ValueTask DisposeAsync() => host.DisposeAsync();

    /// <summary>Files and processes of this machine are neither down nor silent, and the portal's own.</summary>
    protected override bool Fail(HostFailure failure) => false;

    protected override void Mend()
    {
    }

    protected override Task<(RepositoryName Repository, string Commit)> NewRepositoryAsync()
    {
        const string folder = ".github/workflows/";
        return Task.FromResult(
            (
                host.Repository,
                host.Commit(
                    (folder + "passes.yml", Passes), (folder + "fails.yml", Fails), (folder + "waits.yml", Waits))));
    }
}
