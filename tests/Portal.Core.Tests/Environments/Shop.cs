using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Catalog;
using Portal.Core.Data.Clocks;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Environments;

/// <summary>A portal with the service orders, whose pipeline has passed, at a provider in memory.</summary>
public sealed class Shop : IAsyncDisposable
{
    public static readonly Actor Pat = OrdersService.Pat;

    public static readonly EntityRef Orders = OrdersService.Ref;

    private Shop(RunBench bench, FakeHost host, FakeAdoption adoption, FakeBills bills) => (Bench, Host, Adoption, Bills) = (bench, host, adoption, bills);

    public RunBench Bench { get; }

    public FakeHost Host { get; }

    public FakeAdoption Adoption { get; }

    public FakeBills Bills { get; }

    /// <param name="more">Further providers, or others in the place of these.</param>
    public static async Task<Shop> OpenAsync(PostgresFixture postgres, TimeProvider? time = null, Func<FakeHost, IEnumerable<IProvider>>? more = null, IClocks? clocks = null)
    {
        var host = new FakeHost();
        var (adoption, bills) = (new FakeAdoption(host), new FakeBills());
        var bench = await RunBench.CreateAsync(postgres, new BenchSetup
        {
            Time = time ?? TimeProvider.System, Clocks = clocks,
            More = services =>
            {
                foreach (var provider in more?.Invoke(host) ?? [host, adoption, bills]) services.AddSingleton(provider);
            },
        });
        var shop = new Shop(bench, host, adoption, bills);
        await OrdersService.StockAsync(host, bench.Get<ICatalogWriter>(), bench.Database);
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
        var row = OrdersService.Environment(name, provider, at ?? DateTimeOffset.UtcNow);
        await using var db = Bench.Database.CreateDbContext();
        db.Add(row);
        await db.SaveChangesAsync();
        return row.Id;
    }

    public ValueTask DisposeAsync() => Bench.DisposeAsync();
}
