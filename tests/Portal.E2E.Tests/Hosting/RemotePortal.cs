using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Portal.TestKit;
using Portal.TestKit.Azure;
using Portal.TestKit.GitHub;
using Portal.TestKit.Hosting;
using Portal.TestKit.Postgres;

namespace Portal.E2E.Tests.Hosting;

/// <summary>
/// The portal in a process of its own, told by its configuration alone to use GitHub and Azure: stand-ins of both, which hold each
/// request against what the real ones describe. Nothing runs on this machine.
/// </summary>
internal sealed class RemotePortal : IAsyncDisposable
{
    private readonly TestDatabase database;
    private readonly string data;

    private RemotePortal(GitHubWorld github, AzureWorld azure, TestDatabase database, string data, PortalProcess process, HttpClient client) =>
        (GitHub, Azure, this.database, this.data, Process, Client) = (github, azure, database, data, process, client);

    public GitHubWorld GitHub { get; }

    public AzureWorld Azure { get; }

    public PortalProcess Process { get; }

    /// <summary>Of the API, as ada.</summary>
    public HttpClient Client { get; }

    /// <param name="sources">Folders of templates; null = the shipped ones.</param>
    /// <param name="first">Settings of the first start alone: <c>--Test:FailAt=…</c>.</param>
    public static async Task<RemotePortal> StartAsync(PostgresFixture postgres, string? sources = null, params string[] first)
    {
        var (github, azure) = (await GitHubWorld.StartAsync(), await AzureWorld.StartAsync());
        // What a workflow pushes to the registry is there for who runs it.
        azure.Registry = image => image.StartsWith("ghcr.io/shop/", StringComparison.Ordinal) ? $"Hello from {image}" : null;
        var (database, data) = (await postgres.CreateDatabaseAsync(), Directory.CreateTempSubdirectory("portal-remote-").FullName);
        await File.WriteAllTextAsync(Path.Combine(data, "github.pem"), github.PrivateKeyPem);
        var settings = Settings(github, azure, database, data).ToList();
        if (sources is not null) settings.Add($"--Portal:Templates:Sources:0={sources}");
        var environment = new Dictionary<string, string> { ["SSL_CERT_FILE"] = azure.CertificateFile };
        var process = await PortalProcess.StartAsync(PortalProgram.TestHost, data, settings, CancellationToken.None, first, environment: environment);
        github.AppWebhook = new Uri(process.Address, "/webhooks/github");
        var client = new HttpClient { BaseAddress = process.Address, Timeout = TimeSpan.FromMinutes(1) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await process.CommandAsync(CancellationToken.None, "token", "ada"));
        return new RemotePortal(github, azure, database, data, process, client);
    }

    /// <summary>What there is outside and in the catalog whose name begins so.</summary>
    public async Task<IReadOnlyList<string>> ListingAsync(string prefix)
    {
        var repositories = GitHub.Listing.Where(t => t.Kind is "repository" or "pipeline run").Select(t => $"{t.Kind} {t.Name.Split('/')[1].Split(' ')[0]}");
        var environments = Azure.Listing.Where(t => t.Kind == AzureThing.Group).Select(t => $"environment {t.Name.Split('/')[^1].Replace("portal-", "", StringComparison.Ordinal)}");
        var entities = (await Client.GetFromJsonAsync<JsonObject>("/api/v1/catalog/entities?kind=Component&limit=1000"))!["items"]!.AsArray().Select(e => $"entity {e!["name"]}");
        return [.. repositories.Concat(environments).Concat(entities).Where(t => t.Contains($" {prefix}-", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Process.DisposeAsync();
        await GitHub.DisposeAsync();
        await Azure.DisposeAsync();
        await database.DisposeAsync();
        Directory.Delete(data, recursive: true);
    }

    private static IEnumerable<string> Settings(GitHubWorld github, AzureWorld azure, TestDatabase database, string data)
    {
        const string at = "--Portal:Providers:github";
        return
        [
            $"--ConnectionStrings:Portal={database.ConnectionString}", "--Portal:Sample=true", "--Logging:LogLevel:Default=Warning", "--Portal:Providers:local:Enabled=false",
            $"{at}:Type=GitHub", $"{at}:Address={github.Address}", $"{at}:AppId={github.AppId}", $"{at}:PrivateKeyFile={Path.Combine(data, "github.pem")}",
            $"{at}:Organisation=shop", $"{at}:WebhookSecret={github.WebhookSecret}",
            .. azure.Settings("azure").Select(s => $"--{s.Key}={s.Value}"),
        ];
    }
}
