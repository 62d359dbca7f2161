using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Access;
using Portal.Core.Catalog;
using Portal.Core.Catalog.Discovery;
using Portal.Core.Delivery;
using Portal.Core.Entities;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Catalog.Repositories;

/// <summary>
/// A portal with the component orders from shop/orders at the provider forge, which has an environment.
/// </summary>
internal sealed class Forge : IAsyncDisposable
{
    public const string Text = """
        apiVersion: backstage.io/v1alpha1
        kind: Component
        metadata: { name: orders }
        spec: { type: service, lifecycle: production, owner: orders }
        """;

    private Forge(RunBench bench, FakeCatalogSource source) => (Bench, Source) = (bench, source);

    public RunBench Bench { get; }

    public FakeCatalogSource Source { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="id">The host's own of the repository; null: it has none.</param>
    public static async Task<Forge> OpenAsync(PostgresFixture postgres, string? id = "1")
    {
        var source = new FakeCatalogSource();
        var bench = await RunBench.CreateAsync(postgres,
            new BenchSetup { More = s => s.AddSingleton<IProvider>(source) });
        var forge = new Forge(bench, source);
        await forge.DiscoveredAsync("shop/orders", id, Text);
        await using var db = bench.Database.CreateDbContext();
        db.Add(new PortalEnvironment
        {
            Id = "orders-dev", Name = "dev", Component = "component:default/orders", Owner = "group:default/orders",
            Type = "dev", Size = "small",
            Provider = "forge", Repository = "shop/orders", RepositoryProvider = "forge",
            CreatedBy = "user:default/ada", RunId = Guid.CreateVersion7(),
            PricePerHour = 1m, Currency = "EUR", CreatedAt = DateTimeOffset.UnixEpoch,
        });
        await db.SaveChangesAsync(Cancellation);
        return forge;
    }

    /// <summary>The host shows it, and nothing else.</summary>
    public async Task DiscoveredAsync(string name, string? id, string? descriptor, string commit = "1")
    {
        Source.Repositories.Clear();
        Source.Put(name, descriptor, commit, id: id);
        await Bench.Get<DiscoverRepositories>().ReadAsync("forge", RepositoryName.Parse(name), Cancellation);
    }

    public Task RenamedAsync(
        string from, string to, string? id, DateTimeOffset? at = null, string provider = "forge") =>
        TellAsync(RepositoryChangeKind.Renamed, to, from, id, at, provider);

    public Task ChangedAsync(
        RepositoryChangeKind kind, string name, string? id, DateTimeOffset? at = null, string provider = "forge") =>
        TellAsync(kind, name, null, id, at, provider);

    private Task TellAsync(
        RepositoryChangeKind kind, string name, string? before, string? id, DateTimeOffset? at, string provider)
    {
        var former = before is null ? (RepositoryName?)null : RepositoryName.Parse(before);
        var change = new RepositoryChange(kind, RepositoryName.Parse(name), former, null) { HostId = id, At = at };
        return Events.RepositoryChangedAsync(provider, change, Cancellation);
    }

    /// <summary>A run passed on its default branch.</summary>
    public Task RunAsync(string repository, string? id, string run, string provider = "forge") =>
        Events.PipelineRunChangedAsync(
        provider,
        new PipelineRunInfo(
            run, RepositoryName.Parse(repository), "ci.yml", 7, "main", new string('a', 40), "Mend",
            PipelineTrigger.Push, PipelineStatus.Passed,
            DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddMinutes(1), [],
            [new ArtifactInfo("app", 1, 1)], 0, null)
        {
            RepositoryHostId = id,
        }, Cancellation);

    public async Task<RepositoryRow> RowAsync(string id)
    {
        await using var db = Bench.Database.CreateDbContext();
        return await db.Set<RepositoryRow>().SingleAsync(r => r.Provider == "forge" && r.HostId == id, Cancellation);
    }

    public async Task<List<RepositoryRow>> RowsAsync()
    {
        await using var db = Bench.Database.CreateDbContext();
        return await db.Set<RepositoryRow>().Where(r => r.Provider == "forge").ToListAsync(Cancellation);
    }

    public async Task<string> OwnerAsync(string repository)
    {
        await using var db = Bench.Database.CreateDbContext();
        return (await db.OwnerAsync("forge", repository, Cancellation)).ToString();
    }

    public async Task<IEnumerable<string>> RunsOfAsync(string repository) =>
        (await Bench.Get<ReadPipelines>()
            .ListAsync(repository, 0, 50, RunBench.Ada, Cancellation)).Value.Items.Select(r => r.Id);

    public ValueTask DisposeAsync() => Bench.DisposeAsync();

    private IProviderEvents Events => Bench.Get<IProviderEvents>();
}
