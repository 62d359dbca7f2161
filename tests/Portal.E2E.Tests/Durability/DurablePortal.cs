using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Portal.E2E.Tests.Hosting;
using Portal.TestKit.Hosting;
using Portal.TestKit.Postgres;

namespace Portal.E2E.Tests.Durability;

/// <summary>
/// A portal process with the Local provider, on a database and a data folder of its own, that dies where it is told.
/// </summary>
internal sealed class DurablePortal : DyingPortal, IAsyncDisposable
{
    private readonly TestDatabase database;
    private readonly string data;

    private DurablePortal(
        TestDatabase database, string data, PortalProcess process, HttpClient client) : base(process, client) =>
        (this.database, this.data) = (database, data);

    public static async Task<DurablePortal> StartAsync(
        PostgresFixture postgres, TemplateFolder templates, params string[] first)
    {
        var database = await postgres.CreateDatabaseAsync();
        var data = Directory.CreateTempSubdirectory("portal-durable-").FullName;
        // Jobs run as a user of their own, who must be able to pass through.
        File.SetUnixFileMode(data, (UnixFileMode)0b111_001_001);
        string[] settings =
        [
            $"--ConnectionStrings:Portal={database.ConnectionString}", $"--Portal:Templates:Sources:0={templates.Path}",
            "--Portal:Sample=true", "--Portal:Plans:AtOncePerPerson=100", "--Portal:Plans:PerMinutePerPerson=10000",
            "--Logging:LogLevel:Default=Warning",
        ];
        var process =
            await PortalProcess.StartAsync(PortalProgram.TestHost, data, settings, CancellationToken.None, first);
        return new DurablePortal(database, data, process, await ClientAsync(process));
    }

    /// <summary>As the provider's own folders and the catalog have it.</summary>
    public override async Task<IReadOnlyList<string>> ListingAsync(string prefix)
    {
        var local = Path.Combine(data, "local");
        var repositories = Folders(Path.Combine(local, "repositories"), "*.git").Select(
            f => $"repository {Path.GetFileNameWithoutExtension(f)}");
        // Only the first level: a sandbox leaves the way to its folders in its own /tmp, where these tests have their
        // data.
        var hosted = Path.Combine(local, "environments");
        var environments = Directory.Exists(hosted)
            ? Directory.EnumerateDirectories(hosted).Select(f => $"environment {Path.GetFileName(f)}")
            : [];
        var entities = await EntitiesAsync();
        var runs = Folders(Path.Combine(local, "pipelines", "runs"), "*").Select(f => Path.Combine(f, "run.json"))
            .Where(File.Exists)
            .Select(RepositoryOf).Where(r => Directory.Exists(Path.Combine(local, "repositories", r + ".git")))
            .Select(r => $"pipeline run {r.Split('/')[1]}");
        return [.. repositories.Concat(environments).Concat(entities).Concat(runs)
            .Where(t => t.Contains($" {prefix}-", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    public async ValueTask DisposeAsync()
    {
        if (Process.HasExited) await Process.StartAgainAsync(CancellationToken.None);
        await DestroyEnvironmentsAsync();
        Client.Dispose();
        await Process.DisposeAsync();
        await database.DisposeAsync();
        Directory.Delete(data, recursive: true);
    }

    /// <summary>Environments outlive the portal: those that are left must not outlive the test.</summary>
    private async Task DestroyEnvironmentsAsync()
    {
        foreach (var environment in await EnvironmentsAsync())
        {
            (await Client.DeleteAsync($"/api/v1/environments/{environment!["id"]}")).Dispose();
        }
        // Each is a run, and the portal ends when this is over.
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!limit.IsCancellationRequested && (await EnvironmentsAsync()).Count > 0) await Task.Delay(100);
    }

    private async Task<JsonArray> EnvironmentsAsync() =>
        (await Client.GetFromJsonAsync<JsonObject>("/api/v1/environments?limit=500"))!["items"]!.AsArray();

    private static string RepositoryOf(string file) =>
        JsonNode.Parse(File.ReadAllText(file))!["info"]!["repository"]!.GetValue<string>();

    private static IEnumerable<string> Folders(string root, string pattern) =>
        Directory.Exists(root) ? Directory.EnumerateDirectories(root, pattern, SearchOption.AllDirectories)
            .Where(f => !f.Contains(".aside", StringComparison.Ordinal)) : [];
}
