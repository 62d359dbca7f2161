using System.Text.Json.Nodes;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portal.Core.Access;
using Portal.Core.Activities;
using Portal.Core.Catalog;
using Portal.Core.Costs;
using Portal.Core.Data;
using Portal.Core.Data.Clocks;
using Portal.Core.Delivery;
using Portal.Core.Environments;
using Portal.Core.GoldenPaths;
using Portal.Core.Inbound;
using Portal.Core.Providers;
using Portal.Core.Replicas;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Runs.Execution;
using Portal.Core.Shared;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Runs.Execution;

/// <summary>
/// The portal's run machinery on a real database, without its scheduler: the test says who executes and when.
/// </summary>
public sealed class RunBench : IAsyncDisposable
{
    private readonly TestDatabase database;
    private readonly BenchSetup setup;
    private readonly EphemeralDataProtectionProvider protection = new();
    private readonly ServiceProvider services;

    private RunBench(TestDatabase database, BenchSetup setup)
    {
        (this.database, this.setup) = (database, setup);
        services = Build();
    }

    public TestWorld World { get; } = new();

    public TestDatabase Database => database;

    public static readonly Actor Ada = new(EntityRef.User("ada"), "Ada", [EntityRef.Group("orders")]);

    internal RunExecutor Executor => Get<RunExecutor>();

    public static async Task<RunBench> CreateAsync(PostgresFixture postgres, BenchSetup? setup = null)
    {
        var bench = new RunBench(await postgres.CreateDatabaseAsync(), setup ?? new BenchSetup());
        await bench.Get<ReplicaLease>().StartAsync(CancellationToken.None);
        return bench;
    }

    /// <summary>Another process on the same database and the same world.</summary>
    public async Task<ServiceProvider> AnotherReplicaAsync()
    {
        var replica = Build();
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
        var steps = things.Select(t => new StepSpec(
            t, $"Make {t}", "test:make",
            new JsonObject { ["name"] = t, ["secret"] = "${{ secrets.password }}" })).ToList();
        return await StartAsync(steps);
    }

    /// <param name="password">Given as the run's secret of that name; null = none.</param>
    public async Task<Guid> StartAsync(IReadOnlyList<StepSpec> steps, string? password = null)
    {
        var proposal = new RunProposal("Things", new RunSpec(steps, OutputSpec.Empty), [], EntityRef.Group("orders"));
        if (password is not null) proposal = proposal with { Secrets = new JsonObject { ["password"] = password } };
        return (await Get<StartRun>().ExecuteAsync(proposal, Ada, CancellationToken.None)).Value;
    }

    public Task<Attempt> ExecuteAsync(Guid run) => Executor.ExecuteAsync(run, CancellationToken.None);

    /// <summary>Asks this process to stop, as SIGTERM does.</summary>
    public void AskToStop() => Get<IHostApplicationLifetime>().StopApplication();

    public async Task GiveSecretAsync(Guid run, string secret)
    {
        await using var db = database.CreateDbContext();
        var sealed_ = Get<SecretBox>().Seal(new JsonObject { ["password"] = secret });
        await db.Set<Run>().Where(r => r.Id == run).ExecuteUpdateAsync(s => s.SetProperty(r => r.Secrets, sealed_));
    }

    public async Task<RunView> ReadAsync(Guid run) =>
        (await Get<ReadRuns>().FindAsync(run, Ada, CancellationToken.None)).Value;

    public Task<IReadOnlyList<RunEvent>> EventsAsync(Guid run) =>
        Get<RunFeed>().ReadAsync(run, 0, 1_000, CancellationToken.None);

    /// <summary>
    /// Everything that the database holds, as text: for looking whether something stands anywhere in it.
    /// </summary>
    public async Task<string> DumpAsync()
    {
        var tables = await RowsAsync(
            "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname in ('public', 'quartz')");
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

    private ServiceProvider Build()
    {
        var settings = new Dictionary<string, string?>(
            setup.Settings, StringComparer.Ordinal) { ["ConnectionStrings:Portal"] = database.ConnectionString };
        settings.TryAdd("Portal:Templates:Sources:0", "none");
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var all = new ServiceCollection();
        all.AddSingleton<IConfiguration>(configuration).AddLogging().AddSingleton(setup.Time)
            .AddSingleton<IHostApplicationLifetime, Lifetime>();
        all.AddSingleton<IDataProtectionProvider>(protection);
        all.AddPortalData(configuration).AddAccessRules().AddProviderEvents().AddCatalog().AddDelivery()
            .AddEnvironments().AddCosts().AddActivities()
            .AddGoldenPaths().AddRuns(configuration);
        all.AddSingleton<IPortalAddress>(new FakeAddress())
            .AddSingleton(setup.Clocks ?? (IClocks)new FakeClocks(setup.Time));
        all.AddSingleton(World).AddSingleton<IAction, MakeThingAction>();
        all.AddEffect<MakeThingEffect, MakeThing, MadeThing>();
        if (setup.FailPoints is { } points) all.AddSingleton(points);
        setup.More?.Invoke(all);
        return all.BuildServiceProvider();
    }

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource stopping = new();

        public CancellationToken ApplicationStarted => CancellationToken.None;
        public CancellationToken ApplicationStopping => stopping.Token;
        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => stopping.Cancel();

        public void Dispose() => stopping.Dispose();
    }
}

/// <summary>What is special about a bench and each replica of it.</summary>
public sealed record BenchSetup
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Null: in step with <see cref="Time"/>.</summary>
    public IClocks? Clocks { get; init; }

    public IJournalFailPoints? FailPoints { get; init; }

    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    public Action<IServiceCollection>? More { get; init; }
}
