using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Portal.E2E.Tests.Hosting;
using Portal.TestKit.Hosting;
using Portal.TestKit.Outside;
using Portal.TestKit.Postgres;

namespace Portal.E2E.Tests.Durability;

/// <summary>
/// Several portal processes on one database, whose repositories, pipelines and environments are those of an outside
/// world.
/// </summary>
internal sealed class ReplicasOverOutside : IAsyncDisposable
{
    private readonly List<string> folders = [];
    private readonly List<PortalProcess> replicas = [];
    private readonly string[] settings;

    private ReplicasOverOutside(OutsideWorld world, TestDatabase? database, string connection, TemplateFolder templates)
    {
        (World, Database) = (world, database);
        settings =
        [
            $"--Test:Outside={world.Address}", $"--ConnectionStrings:Portal={connection}",
            $"--Portal:Templates:Sources:0={templates.Path}",
            "--Portal:Defaults:Repositories=outside", "--Portal:Defaults:Pipelines=outside",
            "--Portal:Defaults:Environments=outside",
            "--Portal:Providers:local:Enabled=false", "--Portal:Sample=true", "--Portal:Plans:AtOncePerPerson=100",
            "--Portal:Plans:PerMinutePerPerson=10000", "--Logging:LogLevel:Default=Warning",
        ];
    }

    public OutsideWorld World { get; }

    public TestDatabase? Database { get; }

    public IReadOnlyList<PortalProcess> Replicas => replicas;

    public static async Task<ReplicasOverOutside> StartAsync(PostgresFixture postgres, TemplateFolder templates)
    {
        var database = await postgres.CreateDatabaseAsync();
        return new ReplicasOverOutside(await OutsideWorld.StartAsync(), database, database.ConnectionString, templates);
    }

    /// <param name="connection">Of a server that the test stops and starts.</param>
    public static async Task<ReplicasOverOutside> StartAsync(string connection, TemplateFolder templates) =>
        new(await OutsideWorld.StartAsync(), null, connection, templates);

    /// <param name="more">Settings of this start alone: where it dies.</param>
    public async Task<PortalProcess> AddAsync(params string[] more)
    {
        var data = Directory.CreateTempSubdirectory("portal-replica-").FullName;
        folders.Add(data);
        return await AddAtAsync(data, more);
    }

    /// <summary>On a data folder of the test's own, which the test removes.</summary>
    public async Task<PortalProcess> AddAtAsync(string data, params string[] more)
    {
        var replica = await PortalProcess.StartAsync(
            PortalProgram.TestHost, data, settings, TestContext.Current.CancellationToken, more);
        replicas.Add(replica);
        return replica;
    }

    public static async Task<HttpClient> ClientAsync(PortalProcess replica, string person = "ada")
    {
        var client = new HttpClient { BaseAddress = replica.Address, Timeout = TimeSpan.FromMinutes(1) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", await replica.CommandAsync(TestContext.Current.CancellationToken, "token", person));
        return client;
    }

    public static JsonObject Values(string name) => new() { ["name"] = name, ["owner"] = "group:default/orders" };

    /// <summary>All that <see cref="MatrixTemplate"/> makes, each once.</summary>
    public void AssertMadeOnce(int runs = 1)
    {
        Assert.Empty(World.Ledger.Duplicates);
        foreach (var (kind, count) in MatrixTemplate.Makes)
        {
            Assert.Equal(count * runs, World.Ledger.MadeOf(kind).Count);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in replicas) await replica.DisposeAsync();
        await World.DisposeAsync();
        if (Database is not null) await Database.DisposeAsync();
        foreach (var folder in folders) Directory.Delete(folder, recursive: true);
    }
}
