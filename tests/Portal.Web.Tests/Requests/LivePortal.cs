using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Core.Access;
using Portal.Core.Catalog;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.TestKit;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;
using Portal.Web.Hosting;

namespace Portal.Web.Tests.Requests;

/// <summary>
/// A whole portal in Development, with the sample organisation, the Local provider and one that takes webhooks, over
/// HTTP.
/// </summary>
public sealed partial class LivePortal : IAsyncLifetime
{
    private readonly PostgresFixture postgres = new();
    private readonly string data = Directory.CreateTempSubdirectory("portal-live-").FullName;
    private TestDatabase? database;
    private WebApplication app = null!;

    public IServiceProvider Services => app.Services;

    public Uri Address =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    internal ToldFailures Failures { get; } = new();

    /// <summary>More settings, as on the command line.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>Of a server that the test stops; null takes a database of the shared one.</summary>
    public string? Connection { get; init; }

    public async ValueTask InitializeAsync()
    {
        if (Connection is null) database = await postgres.CreateDatabaseAsync();
        app = await StartAsync(data);
        var sample = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "samples/organisation.yaml"));
        await Services.GetRequiredService<SampleOrganisation>().LoadAsync(sample, CancellationToken.None);
    }

    /// <summary>Another portal of the same installation: same database, same folder of keys.</summary>
    public Task<WebApplication> StartReplicaAsync() =>
        StartAsync(data, "--Portal:Providers:local:Enabled=false", "--Portal:Replica:Name=second");

    public async Task<HttpClient> ClientAsync(string person)
    {
        var client = new HttpClient { BaseAddress = Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(person));
        return client;
    }

    public Task<string> TokenAsync(string person) =>
        Services.GetRequiredService<People>().IssueTokenAsync(EntityRef.User(person), CancellationToken.None);

    /// <summary>Signs in through the form, as a browser does.</summary>
    public async Task<Browser> SignInAsync(string person)
    {
        var browser = new Browser(Address);
        var form = await browser.Client.GetStringAsync("/sign-in");
        using var answer = await browser.Client.PostAsync("/sign-in", new FormUrlEncodedContent(
            [new("person", $"user:default/{person}"), new(
                "returnUrl", "/"), new("__RequestVerificationToken", FormToken(form))]));
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        return browser;
    }

    public static string FormToken(string page) =>
        WebUtility.HtmlDecode(FormTokenPattern().Match(page).Groups["token"].Value);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        if (database is not null) await database.DisposeAsync();
        await postgres.DisposeAsync();
        Directory.Delete(data, recursive: true);
    }

    private async Task<WebApplication> StartAsync(string folder, params string[] more)
    {
        string[] settings =
        [
            $"--Portal:Data={folder}", "--Portal:Port=0",
            $"--ConnectionStrings:Portal={Connection ?? database!.ConnectionString}", "--environment=Development",
            "--applicationName=Portal.Web",
            "--Logging:LogLevel:Default=None", "--Logging:LogLevel:Portal.Web.Hosting.RequestFailures=Error",
            "--Logging:Console:LogLevel:Default=None",
            "--Logging:Console:LogLevel:Portal.Web.Hosting.RequestFailures=None",
            $"--contentRoot={RepositoryRoot.Path}", $"--Portal:Templates:Root={RepositoryRoot.Path}",
            "--Portal:Plans:PerMinutePerPerson=10000", .. Settings, .. more,
        ];
        var started = await PortalApplication.BuildAsync(
            settings,
            services => services.AddSingleton<IProvider>(new FakeReceiver()).AddSingleton<ILoggerProvider>(Failures),
            CancellationToken.None);
        await started.StartAsync();
        return started;
    }

    [GeneratedRegex(
        "name=\"__RequestVerificationToken\"[^>]*value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex FormTokenPattern();
}

/// <summary>
/// A browser as far as the server can tell: it keeps cookies, follows nothing by itself, and says where a request comes
/// from.
/// </summary>
public sealed class Browser : IDisposable
{
    public Browser(Uri address)
    {
        Cookies = new CookieContainer();
        Client = new HttpClient(
            new SocketsHttpHandler { CookieContainer = Cookies, AllowAutoRedirect = false }) { BaseAddress = address };
        Client.DefaultRequestHeaders.Add("Origin", address.GetLeftPart(UriPartial.Authority));
        Client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
    }

    public CookieContainer Cookies { get; }

    public HttpClient Client { get; }

    /// <summary>As it stands in the header of a request.</summary>
    public string Cookie => Cookies.GetCookieHeader(Client.BaseAddress!);

    public void Dispose() => Client.Dispose();
}
