using System.Net.Http.Headers;
using Portal.TestKit;
using Portal.TestKit.Hosting;
using Portal.TestKit.Outside;
using Portal.TestKit.Postgres;

namespace Portal.E2E.Tests.Hosting;

/// <summary>
/// A portal in a process of its own whose repositories, pipelines and environments are those of an outside world.
/// </summary>
internal sealed class OutsidePortal : IAsyncDisposable
{
    private readonly TestDatabase database;
    private readonly string data;

    private OutsidePortal(OutsideWorld world, TestDatabase database, string data, PortalProcess process) =>
        (World, this.database, this.data, Process) = (world, database, data, process);

    public OutsideWorld World { get; }

    public PortalProcess Process { get; }

    /// <param name="first">Settings of the first start alone: <c>--Test:FailAt=…</c>.</param>
    public static async Task<OutsidePortal> StartAsync(
        PostgresFixture postgres, TemplateFolder templates, params string[] first)
    {
        var (world, database, data) = (
            await OutsideWorld.StartAsync(), await postgres.CreateDatabaseAsync(),
            Directory.CreateTempSubdirectory("portal-outside-").FullName);
        string[] settings =
        [
            $"--Test:Outside={world.Address}", $"--ConnectionStrings:Portal={database.ConnectionString}",
            $"--Portal:Templates:Sources:0={templates.Path}",
            "--Portal:Defaults:Repositories=outside", "--Portal:Defaults:Pipelines=outside",
            "--Portal:Defaults:Environments=outside",
            "--Portal:Providers:local:Enabled=false", "--Portal:Sample=true", "--Portal:Plans:AtOncePerPerson=100",
            "--Portal:Plans:PerMinutePerPerson=10000", "--Logging:LogLevel:Default=Warning",
        ];
        try
        {
            return new OutsidePortal(
                world, database, data,
                await PortalProcess.StartAsync(PortalProgram.TestHost, data, settings, CancellationToken.None, first));
        }
        catch
        {
            await EndAsync(world, database, data);
            throw;
        }
    }

    /// <summary>A client of the API that acts for a person.</summary>
    public async Task<HttpClient> ClientAsync(string person)
    {
        var token = await Process.CommandAsync(CancellationToken.None, "token", person);
        var client = new HttpClient { BaseAddress = Process.Address, Timeout = TimeSpan.FromMinutes(1) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        await EndAsync(World, database, data);
    }

    private static async Task EndAsync(OutsideWorld world, TestDatabase database, string data)
    {
        await world.DisposeAsync();
        await database.DisposeAsync();
        Directory.Delete(data, recursive: true);
    }
}
