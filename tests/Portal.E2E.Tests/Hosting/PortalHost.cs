using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Core.Access;
using Portal.Core.Catalog;
using Portal.Core.Data.Clocks;
using Portal.Core.Shared;
using Portal.TestKit;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;
using Portal.Web.Hosting;

namespace Portal.E2E.Tests.Hosting;

/// <summary>
/// A whole portal in the test's process, with a database and a data folder of its own. It can be stopped and started
/// again.
/// </summary>
public sealed class PortalHost : IAsyncDisposable
{
    private readonly TestDatabase database;
    private readonly string[] more;
    private readonly Action<IServiceCollection>? services;
    private WebApplication? app;
    private int port;

    private PortalHost(TestDatabase database, string data, Action<IServiceCollection>? services, string[] more) =>
        (this.database, Data, this.services, this.more) = (database, data, services, more);

    public string Data { get; }

    public ShiftedTimeProvider Time { get; } = new();

    public Uri Address => new($"http://127.0.0.1:{port}");

    public IServiceProvider Services => app!.Services;

    /// <param name="settings">More settings, as on the command line: <c>--Portal:Key=value</c>.</param>
    public static Task<PortalHost> StartAsync(PostgresFixture postgres, params string[] settings) =>
        StartAsync(postgres, null, settings);

    /// <param name="services">Adds to what the portal has, such as another provider.</param>
    public static async Task<PortalHost> StartAsync(
        PostgresFixture postgres, Action<IServiceCollection>? services, params string[] settings)
    {
        var data = Directory.CreateTempSubdirectory("portal-e2e-").FullName;
        // Jobs of repositories run as a user of their own, who must be able to pass through.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(data, (UnixFileMode)0b111_001_001);
        var host = new PortalHost(await postgres.CreateDatabaseAsync(), data, services, settings);
        Packages.Link(data);
        await host.StartAgainAsync();
        var sample = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "samples/organisation.yaml"));
        await host.Services.GetRequiredService<SampleOrganisation>().LoadAsync(sample, CancellationToken.None);
        return host;
    }

    /// <summary>Stops the portal as a process stop would; environments go on.</summary>
    public async Task StopAsync()
    {
        if (app is null) return;
        await app.StopAsync();
        await app.DisposeAsync();
        app = null;
    }

    /// <summary>On the same address as before, as a person's browser expects.</summary>
    public async Task StartAgainAsync()
    {
        string[] settings =
        [
            $"--Portal:Data={Data}", $"--Portal:Port={port}", $"--ConnectionStrings:Portal={database.ConnectionString}",
            "--environment=Development", "--applicationName=Portal.Web",
            "--Portal:Sample=true", "--Portal:Plans:AtOncePerPerson=100", "--Portal:Plans:PerMinutePerPerson=10000",
            "--Logging:LogLevel:Default=Warning", $"--contentRoot={RepositoryRoot.Path}",
            $"--Portal:Templates:Root={RepositoryRoot.Path}", .. more,
        ];
        app = await PortalApplication.BuildAsync(settings, Replace, CancellationToken.None);
        await app.StartAsync();
        port = new Uri(
            app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
    }

    private void Replace(IServiceCollection all)
    {
        all.Replace(ServiceDescriptor.Singleton<TimeProvider>(Time));
        all.Replace(ServiceDescriptor.Singleton<IClocks>(new FakeClocks(Time)));
        services?.Invoke(all);
    }

    public Task<string> TokenAsync(string person) =>
        Services.GetRequiredService<People>().IssueTokenAsync(EntityRef.User(person), CancellationToken.None);

    /// <summary>A client of the API that acts for a person.</summary>
    public async Task<HttpClient> ClientAsync(string person)
    {
        var client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(5) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(person));
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        if (app is null) await StartAgainAsync();
        await Environments.DestroyAllAsync(Services);
        await StopAsync();
        await database.DisposeAsync();
        Directory.Delete(Data, recursive: true);
    }
}
