using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Portal.TestKit;

namespace Portal.E2E.Tests.Journeys;

/// <summary>Creating from a template by script, and waiting for its end.</summary>
internal static class RunsOverApi
{
    private static readonly HttpClient Anybody = new() { Timeout = TimeSpan.FromSeconds(20) };

    public static async Task<Guid> StartAsync(this HttpClient client, string template, JsonObject values)
    {
        using var answer = await client.PostAsJsonAsync(
            "/api/v1/runs", new JsonObject { ["template"] = $"template:default/{template}", ["values"] = values });
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonNode.Parse(body)!["id"]!.GetValue<Guid>();
    }

    /// <summary>The run when it is over, with its log in the message should it have failed.</summary>
    public static async Task<JsonObject> CompletedAsync(this HttpClient client, Guid run)
    {
        var over = await client.OverAsync(run);
        if (over["run"]!["status"]!.GetValue<string>() != "completed")
        {
            Assert.Fail($"{over["run"]!["failure"]}\n{await client.GetStringAsync($"/api/v1/runs/{run}/events")}");
        }
        return over;
    }

    /// <summary>The run when it is over, however it ended.</summary>
    public static Task<JsonObject> OverAsync(this HttpClient client, Guid run) => Eventually.GetAsync(async () =>
    {
        var view = await client.GetFromJsonAsync<JsonObject>($"/api/v1/runs/{run}");
        return view!["run"]!["status"]!.GetValue<string>() is "completed" or "failed" or "cancelled" ? view : null;
    }, $"run {run}", TimeSpan.FromMinutes(5));

    /// <summary>Waits until a template that was just written can be used.</summary>
    public static Task KnowsTemplateAsync(this HttpClient client, string name) => Eventually.TrueAsync(async () =>
    {
        using var answer = await client.GetAsync($"/api/v1/templates/default/{name}");
        return answer.IsSuccessStatusCode;
    }, $"template {name}");

    /// <summary>The total of a list.</summary>
    public static async Task<int> CountAsync(this HttpClient client, string path) =>
        (await client.GetFromJsonAsync<JsonObject>(path))!["total"]!.GetValue<int>();

    public static JsonNode? Output(this JsonObject run, string step, string name) =>
        run["steps"]!.AsArray().Single(s => s!["stepId"]!.GetValue<string>() == step)!["output"]![name];

    /// <summary>Whether the page of an environment holds a text now.</summary>
    public static async Task<bool> ShowsAsync(this Uri page, string text)
    {
        try
        {
            return (await Anybody.GetStringAsync(page)).Contains(text, StringComparison.Ordinal);
        }
        catch (HttpRequestException)
        {
            // The new version is taking over the port.
            return false;
        }
    }
}
