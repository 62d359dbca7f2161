using System.Text.Json.Nodes;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portal.Core.Catalog;
using Portal.Core.Costs;
using Portal.Core.Data;
using Portal.Core.Environments;
using Portal.Core.GoldenPaths;
using Portal.Core.GoldenPaths.Actions;
using Portal.Core.GoldenPaths.Runs;
using Portal.Core.GoldenPaths.Runs.Execution;
using Portal.Core.Governance;
using Portal.Core.Governance.Access;
using Portal.Core.Replicas;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.GoldenPaths.Runs.Execution;

/// <summary>The portal's run machinery on a real database, without its scheduler: the test says who executes and when.</summary>
public sealed class RunBench : IAsyncDisposable
{
    private readonly TestDatabase database;
    private readonly ServiceProvider services;

    private RunBench(TestDatabase database)
    {
        this.database = database;
        services = Build(database, World);
    }

    public TestWorld World { get; } = new();

    public static readonly Actor Ada = new(EntityRef.User("ada"), "Ada", [EntityRef.Group("orders")]);

    internal RunExecutor Executor => Get<RunExecutor>();

    public static async Task<RunBench> CreateAsync(PostgresFixture postgres)
    {
        var bench = new RunBench(await postgres.CreateDatabaseAsync());
        await bench.Get<ReplicaLease>().StartAsync(CancellationToken.None);
        return bench;
    }

    /// <summary>Another process on the same database and the same world.</summary>
    public async Task<ServiceProvider> AnotherReplicaAsync()
    {
        var replica = Build(database, World);
        await replica.GetRequiredService<ReplicaLease>().StartAsync(CancellationToken.None);
        return replica;
    }

    /// <summary>As if this process had died: it says no more that it lives.</summary>
    public Task DieAsync() => Get<ReplicaLease>().StopAsync(CancellationToken.None);

    /// <summary>As if its holder had been silent for long: anybody may take the run.</summary>
    public async Task ForgetHolderAsync(Guid run)
    {
        await using var db = database.CreateDbContext();
        await db.Set<Run>().Where(r => r.Id == run).ExecuteUpdateAsync(s => s.SetProperty(r => r.HeldBy, (Guid?)null));
    }

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    /// <summary>A run whose steps make a thing each, under these names.</summary>
    public async Task<Guid> StartAsync(params string[] things)
    {
        var steps = things.Select(t => new StepSpec(t, $"Make {t}", "test:make", new JsonObject { ["name"] = t, ["secret"] = "${{ secrets.password }}" })).ToList();
        var started = await Get<StartRun>().ExecuteAsync("Things", new RunSpec(steps, OutputSpec.Empty), [], EntityRef.Group("orders"), Ada, CancellationToken.None);
        return started.Value;
    }

    public async Task GiveSecretAsync(Guid run, string secret)
    {
        await using var db = database.CreateDbContext();
        var sealed_ = Get<SecretBox>().Seal(new JsonObject { ["password"] = secret });
        await db.Set<Run>().Where(r => r.Id == run).ExecuteUpdateAsync(s => s.SetProperty(r => r.Secrets, sealed_));
    }

    public async Task<RunView> ReadAsync(Guid run) => (await Get<ReadRuns>().FindAsync(run, Ada, CancellationToken.None)).Value;

    public Task<IReadOnlyList<RunEvent>> EventsAsync(Guid run) => Get<RunFeed>().ReadAsync(run, 0, 1_000, CancellationToken.None);

    /// <summary>Everything that the database holds, as text: for looking whether something stands anywhere in it.</summary>
    public async Task<string> DumpAsync()
    {
        var tables = await RowsAsync("select format('%I.%I', schemaname, tablename) from pg_tables where schemaname in ('public', 'quartz')");
        var all = new List<string>();
        foreach (var table in tables) all.AddRange(await RowsAsync($"select t::text from {table} t"));
        return string.Join('\n', all);
    }

    private async Task<List<string>> RowsAsync(string sql)
    {
        await using var command = database.Source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(reader.GetString(0));
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await database.DisposeAsync();
    }

    private static ServiceProvider Build(TestDatabase database, TestWorld world)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Portal"] = database.ConnectionString, ["Portal:Templates:Sources:0"] = "none",
        }).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration).AddLogging().AddSingleton(TimeProvider.System).AddSingleton<IHostApplicationLifetime, NeverStopping>();
        services.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>();
        services.AddPortalData(configuration).AddGovernance().AddCatalog().AddCosts().AddEnvironments().AddGoldenPaths().AddRuns(configuration);
        services.AddSingleton(world).AddSingleton<MakeThingEffect>().AddSingleton<IAction, MakeThingAction>();
        services.AddSingleton(s => RegisteredEffect.Of(s.GetRequiredService<MakeThingEffect>()));
        return services.BuildServiceProvider();
    }

    private sealed class NeverStopping : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;
        public CancellationToken ApplicationStopping => CancellationToken.None;
        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
        }
    }
}
