using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Catalog;
using Portal.Core.Data.Clocks;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Replicas;
using Portal.Core.Runs;
using Portal.Core.Runs.Execution;
using Portal.Core.Shared;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Environments;

/// <summary>A portal with the service orders, whose pipeline has passed, at a provider in memory.</summary>
public sealed class Shop : IAsyncDisposable
{
    public static readonly Actor Pat = OrdersService.Pat;

    public static readonly EntityRef Orders = OrdersService.Ref;

    private Shop(RunBench bench, FakeHost host, FakeAdoption adoption, FakeBills bills) =>
        (Bench, Host, Adoption, Bills) = (bench, host, adoption, bills);

    public RunBench Bench { get; }

    public FakeHost Host { get; }

    public FakeAdoption Adoption { get; }

    public FakeBills Bills { get; }

    /// <param name="more">Further providers, or others in the place of these.</param>
    /// <param name="rule">Of environments, beside those that there are.</param>
    public static async Task<Shop> OpenAsync(
        PostgresFixture postgres, TimeProvider? time = null, Func<FakeHost, IEnumerable<IProvider>>? more = null,
        IClocks? clocks = null,
        IJournalFailPoints? failPoints = null, EnvironmentRule? rule = null)
    {
        var host = new FakeHost();
        var (adoption, bills) = (new FakeAdoption(host), new FakeBills());
        var bench = await RunBench.CreateAsync(postgres, new BenchSetup
        {
            Time = time ?? TimeProvider.System, Clocks = clocks, FailPoints = failPoints,
            More = services =>
            {
                if (rule is not null) services.AddSingleton(new EnvironmentRules([.. EnvironmentRules.All, rule]));
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

    /// <summary>An environment as if it had been made: a row, and at the provider where that is the shop's.</summary>
    /// <param name="version">The pipeline run whose artifact it runs.</param>
    public async Task<string> HasEnvironmentAsync(
        string name = "dev", string provider = "local", DateTimeOffset? at = null, string? version = null)
    {
        var row = OrdersService.Environment(name, provider, at ?? DateTimeOffset.UtcNow);
        var info = new EnvironmentInfo(
            row.Id, name, OrdersService.Repository, EnvironmentStatus.Running, "http://localhost:4711", null, version,
            row.Size, null, 0, null,
            DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
        if (provider == Host.Instance) Host.Have(info);
        row.Follow(info);
        await using var db = Bench.Database.CreateDbContext();
        db.Add(row);
        await db.SaveChangesAsync();
        return row.Id;
    }

    /// <summary>Executes the runs that are queued; returns how many there were.</summary>
    public async Task<int> WorkOffAsync()
    {
        await using var db = Bench.Database.CreateDbContext();
        var due = await db.Set<Run>().Where(r => r.Status == RunStatus.Queued).OrderBy(r => r.CreatedAt)
            .Select(r => r.Id).ToListAsync();
        foreach (var run in due) await EndAsync(run);
        return due.Count;
    }

    /// <summary>The run that was started, executed to its end.</summary>
    public async Task<RunView> DoneAsync(Task<Result<Guid>> starting)
    {
        var started = await starting;
        Assert.True(started.IsOk, started.Error?.ToString());
        await EndAsync(started.Value);
        return await Bench.ReadAsync(started.Value);
    }

    /// <summary>
    /// As the scheduler would: who lost its lease, on a busy machine or by a clock that moved, begins anew.
    /// </summary>
    public Task EndAsync(Guid run)
    {
        var lease = Get<ReplicaLease>();
        return Eventually.TrueAsync(
            async () =>
            {
                await Eventually.TrueAsync(() => Task.FromResult(lease.IsValid), "the lease");
                await Bench.ExecuteAsync(run);
                return (await Bench.ReadAsync(run)).Run.IsOver;
            },
            "the end of the run");
    }

    /// <summary>The host tells of another pipeline run of the service's repository, newer than all before.</summary>
    public async Task HeardAsync(string id, string branch, PipelineStatus status, string artifact)
    {
        var first = await ((IPipelineHost)Host).ListAsync(OrdersService.Repository, 10, CancellationToken.None);
        var run = first[0] with
        {
            Id = id, Number = 100, Branch = branch, Commit = new string('e', 40), Status = status,
            CreatedAt = first[0].CreatedAt.AddHours(1),
            FinishedAt = status == PipelineStatus.Running ? null : first[0].CreatedAt.AddHours(2),
            Artifacts = [new ArtifactInfo(artifact, 1, 1)],
        };
        await Get<IProviderEvents>().PipelineRunChangedAsync(Host.Instance, run, CancellationToken.None);
    }

    public ValueTask DisposeAsync() => Bench.DisposeAsync();
}
