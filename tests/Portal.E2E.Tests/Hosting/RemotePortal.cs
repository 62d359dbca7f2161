using Portal.E2E.Tests.Durability;
using Portal.TestKit.Azure;
using Portal.TestKit.GitHub;
using Portal.TestKit.Hosting;
using Portal.TestKit.Outside;
using Portal.TestKit.Postgres;

namespace Portal.E2E.Tests.Hosting;

/// <summary>
/// The portal in a process of its own, told by its configuration alone to use GitHub and Azure: stand-ins of both,
/// which hold each request against what the real ones describe. Nothing runs on this machine.
/// </summary>
internal sealed class RemotePortal : DyingPortal, IAsyncDisposable
{
    private readonly TestDatabase database;
    private readonly string data;

    private RemotePortal(
        GitHubWorld github, AzureWorld azure, TestDatabase database, string data, PortalProcess process,
        HttpClient client) : base(process, client) =>
        (GitHub, Azure, this.database, this.data) = (github, azure, database, data);

    public GitHubWorld GitHub { get; }

    public AzureWorld Azure { get; }

    /// <param name="sources">Folders of templates; null = the shipped ones.</param>
    /// <param name="first">Settings of the first start alone: <c>--Test:FailAt=…</c>.</param>
    public static async Task<RemotePortal> StartAsync(
        PostgresFixture postgres, string? sources = null, params string[] first)
    {
        var (github, azure) = (await GitHubWorld.StartAsync(), await AzureWorld.StartAsync());
        // What a workflow pushes to the registry is there for who runs it.
        azure.Registry =
            image => image.StartsWith("ghcr.io/shop/", StringComparison.Ordinal) ? $"Hello from {image}" : null;
        var (database, data) =
            (await postgres.CreateDatabaseAsync(), Directory.CreateTempSubdirectory("portal-remote-").FullName);
        await File.WriteAllTextAsync(Path.Combine(data, "github.pem"), github.PrivateKeyPem);
        var settings = Settings(github, azure, database, data).ToList();
        if (sources is not null) settings.Add($"--Portal:Templates:Sources:0={sources}");
        var environment = new Dictionary<string, string> { ["SSL_CERT_FILE"] = azure.CertificateFile };
        var process = await PortalProcess.StartAsync(
            PortalProgram.TestHost, data, settings, CancellationToken.None, first, environment: environment);
        github.AppWebhook = new Uri(process.Address, "/webhooks/github");
        return new RemotePortal(github, azure, database, data, process, await ClientAsync(process));
    }

    public override async Task<IReadOnlyList<string>> ListingAsync(string prefix)
    {
        var there = GitHub.Listing.Where(t => t.Kind == OutsideThing.Repository).Select(t => t.Name).ToHashSet();
        var repositories = there.Select(name => $"repository {name.Split('/')[1]}");
        var runs = GitHub.Ledger.MadeOf(OutsideThing.PipelineRun).Select(r => r.Name.Split(' ')[0])
            .Where(there.Contains).Select(name => $"pipeline run {name.Split('/')[1]}");
        var environments = Azure.Listing.Where(t => t.Kind == AzureThing.Group)
            .Select(t => $"environment {t.Name.Split('/')[^1].Replace("portal-", "", StringComparison.Ordinal)}");
        return [.. repositories.Concat(runs).Concat(environments).Concat(await EntitiesAsync())
            .Where(t => t.Contains($" {prefix}-", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
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

    private static IEnumerable<string> Settings(
        GitHubWorld github, AzureWorld azure, TestDatabase database, string data)
    {
        const string at = "--Portal:Providers:github";
        return
        [
            $"--ConnectionStrings:Portal={database.ConnectionString}", "--Portal:Sample=true",
            "--Portal:Plans:AtOncePerPerson=100", "--Portal:Plans:PerMinutePerPerson=10000",
            "--Logging:LogLevel:Default=Warning", "--Portal:Providers:local:Enabled=false",
            $"{at}:Type=GitHub", $"{at}:Address={github.Address}", $"{at}:AppId={github.AppId}",
            $"{at}:PrivateKeyFile={Path.Combine(data, "github.pem")}",
            $"{at}:Organisation=shop", $"{at}:WebhookSecret={github.WebhookSecret}",
            .. azure.Settings("azure").Select(s => $"--{s.Key}={s.Value}"),
        ];
    }
}
