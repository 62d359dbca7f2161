using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Portal.E2E.Tests.Hosting;
using Portal.E2E.Tests.Journeys;
using Portal.TestKit;
using Portal.TestKit.Hosting;
using Portal.TestKit.Postgres;

namespace Portal.E2E.Tests.Durability;

/// <summary>A portal process with the Local provider, on a database and a data folder of its own, that dies where it is told.</summary>
internal sealed class DurablePortal : IAsyncDisposable
{
    private readonly TestDatabase database;
    private readonly string data;

    private DurablePortal(TestDatabase database, string data, PortalProcess process, HttpClient client) =>
        (this.database, this.data, Process, Client) = (database, data, process, client);

    public PortalProcess Process { get; }

    public HttpClient Client { get; }

    public static async Task<DurablePortal> StartAsync(PostgresFixture postgres, TemplateFolder templates, params string[] first)
    {
        var database = await postgres.CreateDatabaseAsync();
        var data = Directory.CreateTempSubdirectory("portal-durable-").FullName;
        // Jobs run as a user of their own, who must be able to pass through.
        File.SetUnixFileMode(data, (UnixFileMode)0b111_001_001);
        string[] settings =
        [
            $"--ConnectionStrings:Portal={database.ConnectionString}", $"--Portal:Templates:Sources:0={templates.Path}", "--Portal:Sample=true",
            "--Logging:LogLevel:Default=Warning",
        ];
        var process = await PortalProcess.StartAsync(PortalProgram.TestHost, data, settings, CancellationToken.None, first);
        var client = new HttpClient { BaseAddress = process.Address, Timeout = TimeSpan.FromMinutes(1) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await process.CommandAsync(CancellationToken.None, "token", "ada"));
        return new DurablePortal(database, data, process, client);
    }

    /// <summary>Starts the run, waits for the process to die, and starts it again.</summary>
    public async Task<Guid> DieAndComeBackAsync(Func<Task<Guid>> act, params string[] next)
    {
        var run = await act();
        await DiedAsync(run);
        await Process.StartAgainAsync(CancellationToken.None, next);
        return run;
    }

    private async Task DiedAsync(Guid run)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        try
        {
            await Process.ExitedAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"It did not die: {await Client.GetStringAsync($"/api/v1/runs/{run}")}\n{await Client.GetStringAsync($"/api/v1/runs/{run}/events")}\n{Process.Output}");
        }
    }

    public async Task<Guid> UndoAsync(Guid run)
    {
        using var answer = await Client.PostAsync($"/api/v1/runs/{run}/undo", null);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return run;
    }

    public Task UndoneAsync(Guid run) => Eventually.TrueAsync(async () => await StatusAsync(run) == "undone", $"undoing {run}", TimeSpan.FromMinutes(2));

    public async Task<string> StatusAsync(Guid run) => (await Client.GetFromJsonAsync<JsonObject>($"/api/v1/runs/{run}"))!["run"]!["status"]!.GetValue<string>();

    /// <summary>
    /// What there is outside, as the provider's own folders and the catalog have it: for "exactly one" and "as before". The history of
    /// pipelines is that of repositories that exist.
    /// </summary>
    public async Task<IReadOnlyList<string>> ListingAsync(string prefix)
    {
        var local = Path.Combine(data, "local");
        var repositories = Folders(Path.Combine(local, "repositories"), "*.git").Select(f => $"repository {Path.GetFileNameWithoutExtension(f)}");
        var environments = Folders(Path.Combine(local, "environments"), "*").Select(f => $"environment {Path.GetFileName(f)}");
        var entities = (await Client.GetFromJsonAsync<JsonObject>("/api/v1/catalog/entities?kind=Component&limit=1000"))!["items"]!.AsArray()
            .Select(e => $"entity {e!["name"]}");
        var runs = Folders(Path.Combine(local, "pipelines", "runs"), "*").Select(f => Path.Combine(f, "run.json")).Where(File.Exists)
            .Select(RepositoryOf).Where(r => Directory.Exists(Path.Combine(local, "repositories", r + ".git"))).Select(r => $"pipeline run {r.Split('/')[1]}");
        return [.. repositories.Concat(environments).Concat(entities).Concat(runs).Where(t => t.Contains($" {prefix}-", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
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
        var left = await Client.GetFromJsonAsync<JsonObject>("/api/v1/environments?limit=1000");
        foreach (var environment in left!["items"]!.AsArray()) (await Client.DeleteAsync($"/api/v1/environments/{environment!["id"]}")).Dispose();
    }

    private static string RepositoryOf(string file) => JsonNode.Parse(File.ReadAllText(file))!["info"]!["repository"]!.GetValue<string>();

    private static IEnumerable<string> Folders(string root, string pattern) =>
        Directory.Exists(root) ? Directory.EnumerateDirectories(root, pattern, SearchOption.AllDirectories).Where(f => !f.Contains(".aside", StringComparison.Ordinal)) : [];
}
