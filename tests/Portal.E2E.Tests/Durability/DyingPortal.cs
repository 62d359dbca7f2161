using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Portal.TestKit;
using Portal.TestKit.Hosting;

namespace Portal.E2E.Tests.Durability;

/// <summary>
/// A portal process on a database and a data folder of its own, that dies where it is told and comes back.
/// </summary>
internal abstract class DyingPortal(PortalProcess process, HttpClient client)
{
    public PortalProcess Process => process;

    /// <summary>Of the API, as ada.</summary>
    public HttpClient Client => client;

    public static async Task<HttpClient> ClientAsync(PortalProcess process)
    {
        var client = new HttpClient { BaseAddress = process.Address, Timeout = TimeSpan.FromMinutes(1) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", await process.CommandAsync(CancellationToken.None, "token", "ada"));
        return client;
    }

    /// <summary>
    /// What there is outside and in the catalog whose name begins so: for "exactly one" and "as before". The history of
    /// pipelines is that of repositories that exist.
    /// </summary>
    public abstract Task<IReadOnlyList<string>> ListingAsync(string prefix);

    /// <summary>
    /// Starts or undoes a run, waits for the process to die, and starts it again. The process may get to where it dies
    /// before it has answered: then it is the newest run that was meant.
    /// </summary>
    public async Task<Guid> DieAndComeBackAsync(Func<Task<Guid>> act, params string[] next)
    {
        Guid? run = null;
        try
        {
            run = await act();
        }
        catch (HttpRequestException e) when (e.StatusCode is null)
        {
            // Should it live on, that is told next.
        }
        await DiedAsync(run);
        await Process.StartAgainAsync(CancellationToken.None, next);
        return run ?? await NewestAsync();
    }

    private async Task<Guid> NewestAsync() =>
        (await Client.GetFromJsonAsync<JsonObject>("/api/v1/runs?limit=1"))!["items"]![0]!["id"]!.GetValue<Guid>();

    public async Task<Guid> UndoAsync(Guid run)
    {
        using var answer = await Client.PostAsync($"/api/v1/runs/{run}/undo", null);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return run;
    }

    public Task UndoneAsync(Guid run) =>
        Eventually.TrueAsync(async () => await StatusAsync(run) == "undone", $"undoing {run}", TimeSpan.FromMinutes(2));

    public async Task<string> StatusAsync(Guid run) =>
        (await Client.GetFromJsonAsync<JsonObject>($"/api/v1/runs/{run}"))!["run"]!["status"]!.GetValue<string>();

    protected async Task<IEnumerable<string>> EntitiesAsync() =>
        (await Client.GetFromJsonAsync<JsonObject>(
            "/api/v1/catalog/entities?kind=Component&limit=1000"))!["items"]!.AsArray()
            .Select(e => $"entity {e!["name"]}");

    private async Task DiedAsync(Guid? run)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        try
        {
            await Process.ExitedAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            var asked = run ?? await NewestAsync();
            Assert.Fail(
                $"It did not die: {await Client.GetStringAsync($"/api/v1/runs/{asked}")}\n{await Client.GetStringAsync($"/api/v1/runs/{asked}/events")}\n{Process.Output}");
        }
    }
}
