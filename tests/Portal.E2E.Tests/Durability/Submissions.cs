using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Portal.TestKit;

namespace Portal.E2E.Tests.Durability;

/// <summary>Runs asked for while the portal, or what it stands on, dies.</summary>
internal static class Submissions
{
    /// <summary>A submission whose answer was lost is looked for before it is sent again.</summary>
    public static async Task SubmitAsync(HttpClient client, string template, string name)
    {
        while (true)
        {
            try
            {
                using var answer = await client.PostAsJsonAsync("/api/v1/runs", new JsonObject
                {
                    ["template"] = $"template:default/{template}", ["values"] = ReplicasOverOutside.Values(name)
                });
                if (answer.IsSuccessStatusCode) return;
                Assert.True(
                    answer.StatusCode == HttpStatusCode.TooManyRequests || (int)answer.StatusCode >= 500,
                    await answer.Content.ReadAsStringAsync());
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // The replica, or its database, died in the middle.
            }
            if (await IsThereAsync(client, name)) return;
        }
    }

    private static async Task<bool> IsThereAsync(HttpClient client, string name) =>
        await Eventually.GetAsync(async () =>
        {
            if (await ReadAsync(client, "/api/v1/runs?limit=1000") is not { } list) return null;
            return list["items"]!.AsArray().Any(
                r => r!["title"]!.GetValue<string>().StartsWith(name + " ", StringComparison.Ordinal)) ? "yes" : "no";
        }, "an answer") == "yes";

    public static async Task<int> CountAsync(HttpClient client, string query) =>
        await ReadAsync(client, $"/api/v1/runs?limit=1&{query}") is { } list ? list["total"]!.GetValue<int>() : -1;

    private static async Task<JsonObject?> ReadAsync(HttpClient client, string path)
    {
        try
        {
            using var answer = await client.GetAsync(path);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonObject>() : null;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }
}
