using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Catalog;
using Portal.Core.Environments;
using Portal.Core.GoldenPaths.Trees;
using Portal.Core.Governance.Access;
using Portal.Core.Pipelines;
using Portal.Core.Providers;
using Portal.Core.Tests.GoldenPaths.Runs.Execution;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Environments;

/// <summary>A portal with the service orders, whose pipeline has passed, at a provider in memory.</summary>
public sealed class Shop : IAsyncDisposable
{
    /// <summary>Of the platform team: may do everything.</summary>
    public static readonly Actor Pat = new(EntityRef.User("pat"), "Pat", [EntityRef.Group("platform")]);

    public static readonly EntityRef Orders = EntityRef.Component("orders");

    private const string Descriptor = """
        apiVersion: backstage.io/v1alpha1
        kind: Component
        metadata: { name: orders }
        spec: { type: service, lifecycle: production, owner: orders }
        ---
        apiVersion: backstage.io/v1alpha1
        kind: User
        metadata: { name: pat }
        spec: { memberOf: [platform] }
        """;

    private Shop(RunBench bench, FakeHost host, FakeAdoption adoption, FakeBills bills) => (Bench, Host, Adoption, Bills) = (bench, host, adoption, bills);

    public RunBench Bench { get; }

    public FakeHost Host { get; }

    public FakeAdoption Adoption { get; }

    public FakeBills Bills { get; }

    /// <param name="more">Further providers, or others in the place of these.</param>
    public static async Task<Shop> OpenAsync(PostgresFixture postgres, TimeProvider? time = null, Func<FakeHost, IEnumerable<IProvider>>? more = null)
    {
        var host = new FakeHost();
        var (adoption, bills) = (new FakeAdoption(host), new FakeBills());
        var bench = await RunBench.CreateAsync(postgres, new BenchSetup
        {
            Time = time ?? TimeProvider.System,
            More = services =>
            {
                foreach (var provider in more?.Invoke(host) ?? [host, adoption, bills]) services.AddSingleton(provider);
            },
        });
        var shop = new Shop(bench, host, adoption, bills);
        await shop.StockAsync();
        return shop;
    }

    public T Get<T>() where T : notnull => Bench.Get<T>();

    public async Task<PortalEnvironment> EnvironmentAsync(string id)
    {
        await using var db = Bench.Database.CreateDbContext();
        return await db.Set<PortalEnvironment>().AsNoTracking().SingleAsync(e => e.Id == id);
    }

    public async Task<IReadOnlyList<PortalEnvironment>> EnvironmentsAsync()
    {
        await using var db = Bench.Database.CreateDbContext();
        return await db.Set<PortalEnvironment>().AsNoTracking().OrderBy(e => e.CreatedAt).ToListAsync();
    }

    /// <summary>A row of an environment as if it had been made.</summary>
    public async Task<string> HasEnvironmentAsync(string name = "dev", string provider = "local", DateTimeOffset? at = null)
    {
        var id = $"orders-{name}-000000";
        await using var db = Bench.Database.CreateDbContext();
        db.Add(new PortalEnvironment
        {
            Id = id, Name = name, Component = Orders.Key, Owner = "group:default/orders", Type = "dev", Size = "small", Provider = provider, Repository = "orders/orders",
            CreatedBy = "user:default/ada", RunId = Guid.CreateVersion7(), PricePerHour = 0.01m, Currency = "EUR", CreatedAt = at ?? DateTimeOffset.UtcNow,
        });
        await db.SaveChangesAsync();
        return id;
    }

    public ValueTask DisposeAsync() => Bench.DisposeAsync();

    private async Task StockAsync()
    {
        var name = new RepositoryName("orders", "orders");
        await Host.CreateAsync(
            new CreateRepository(name, "", "main", FileTree.Empty, "First", new CommitAuthor("Ada", "ada@example.org", DateTimeOffset.UnixEpoch), "earlier", "group:default/orders"),
            CancellationToken.None);
        var run = await Host.TriggerAsync(new TriggerPipeline(name, "ci.yml", "main", "first"), CancellationToken.None);
        var row = new PipelineRun
        {
            Provider = Host.Instance, Id = run.Id, Repository = name.ToString(), Number = 1, Branch = "main", Commit = run.Commit, CreatedAt = DateTimeOffset.UnixEpoch,
        };
        row.Follow(run with { Status = PipelineStatus.Passed, FinishedAt = DateTimeOffset.UnixEpoch });
        await using var db = Bench.Database.CreateDbContext();
        db.Add(row);
        await db.SaveChangesAsync();
        var registered = await Get<ICatalogWriter>().RegisterAsync(new RegisterDescriptor(Descriptor, "url:here", Host.Instance, "orders/orders"), Pat, CancellationToken.None);
        if (registered.Error is { } error) throw new InvalidOperationException(error.ToString());
    }
}
