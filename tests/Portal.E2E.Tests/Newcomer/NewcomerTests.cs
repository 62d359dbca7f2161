using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Portal.E2E.Tests.Hosting;
using Portal.E2E.Tests.Journeys;
using Portal.TestKit;

namespace Portal.E2E.Tests.Newcomer;

/// <summary>
/// The README's commands, in a clone, on an ordinary machine: no variable, no process and no folder of whoever builds
/// the portal all day.
/// </summary>
public sealed class NewcomerTests
{
    [Fact]
    public async Task Readme_AsAPlainUser_LeadsToARunningServiceAndBack()
    {
        await using var checkout = await NewCheckout.OfAPlainUserAsync();
        // In whatever order: a token may come before the portal has run.
        Assert.Contains(
            "Building the portal", (await OkAsync(checkout, "./portal", "token", "ada")).Errors,
            StringComparison.Ordinal);
        await WalkAsync(checkout);
        if (Environment.UserName == "root") Assert.Empty(checkout.Left());
    }

    [Fact]
    public async Task Readme_AsRootInAFolderThatOthersCannotEnter_LeadsToARunningServiceAndBack()
    {
        await using var checkout = await NewCheckout.OfRootAsync();
        await WalkAsync(checkout);
        Assert.Empty(checkout.Left());
    }

    private static async Task WalkAsync(NewCheckout checkout)
    {
        await checkout.UpAsync();
        Assert.DoesNotContain(checkout.Said, l => l.Contains("npm notice", StringComparison.Ordinal)
            || l.Contains("not isolated", StringComparison.Ordinal));

        // Nothing is built a second time, and nothing waits for what a build left behind.
        var token = await OkAsync(checkout, "./portal", "token", "ada");
        Assert.Equal("", token.Errors);
        using var client = new HttpClient { BaseAddress = checkout.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Output.Trim());

        var run = await client.CompletedAsync(await client.StartAsync(
            "static-site", new JsonObject { ["name"] = "first", ["owner"] = "group:default/orders" }));
        var url = new Uri(run.Output("environment", "url")!.GetValue<string>());
        using var git = new GitClient(token.Output.Trim());
        await git.CloneAsync(run.Output("publish", "remoteUrl")!.GetValue<string>());
        git.Replace("site/index.html", "Hello from", "Good morning from");
        await git.CommitAndPushAsync("Greet in the morning");

        await Eventually.TrueAsync(
            () => url.ShowsAsync("Good morning from"), $"{url} to show the change", TimeSpan.FromMinutes(4));
        await SecondEnvironmentAsync(client);
        await AttackAsync(checkout, client, git);

        Assert.Equal(0, (await checkout.RunAsync(["./portal", "doctor"])).Code);
        await checkout.StopAsync();
        Assert.True(await url.ShowsAsync("Good morning from"), "The environment ended with the portal.");

        var reset = await checkout.ResetAsync();
        Assert.True(reset.Code == 0, reset.Output + reset.Errors);
        Assert.False(await url.ShowsAsync("Good morning from"));
    }

    private static async Task SecondEnvironmentAsync(HttpClient client)
    {
        var body = new JsonObject
        {
            ["component"] = "component:default/first", ["name"] = "test", ["type"] = "test",
            ["reason"] = "a second one"
        };
        using var answer = await client.PostAsJsonAsync("/api/v1/environments", body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        await client.CompletedAsync(JsonNode.Parse(text)!["run"]!.GetValue<Guid>());
        var environments =
            await client.GetFromJsonAsync<JsonObject>("/api/v1/environments?component=component:default/first");
        Assert.Equal(2, environments!["items"]!.AsArray().Count);
    }

    /// <summary>A job that wants in, and then takes all that it can get: the portal goes on answering.</summary>
    private static async Task AttackAsync(NewCheckout checkout, HttpClient client, GitClient git)
    {
        await File.WriteAllTextAsync(Path.Combine(git.Folder, ".github/workflows/attack.yml"), $$"""
            on: push
            jobs:
              attack:
                runs-on: ubuntu-latest
                steps:
                  - run: |
                      set +e
                      (exec 3<>/dev/tcp/127.0.0.1/{{checkout.Port}}) && echo OUT
                      ls {{checkout.Folder}} /var/lib/portal && echo OUT
                      pgrep -f postgres && echo OUT
                      find / -xdev -name '.s.PGSQL*' -o -xdev -name keeper.sock 2>/dev/null | grep . && echo OUT
                      true
                  - timeout-minutes: 0.2
                    continue-on-error: true
                    run: f() { f | f & }; f 2>/dev/null; while :; do sleep 1; done
            """);
        await git.CommitAndPushAsync("Attack");

        using var impatient = new HttpClient { BaseAddress = checkout.Address, Timeout = TimeSpan.FromSeconds(10) };
        impatient.DefaultRequestHeaders.Authorization = client.DefaultRequestHeaders.Authorization;
        var run = await Eventually.GetAsync(async () =>
        {
            var pipelines =
                await impatient.GetFromJsonAsync<JsonObject>("/api/v1/pipelines?repository=orders/first&limit=20");
            return pipelines!["items"]!.AsArray().FirstOrDefault(p => p!["workflow"]!.GetValue<string>() == "attack.yml"
                && p["status"]!.GetValue<string>() is not ("queued" or "running"));
        }, "the attack to be over", TimeSpan.FromMinutes(3));
        var log = (await impatient.GetFromJsonAsync<JsonArray>(
            $"/api/v1/pipelines/{run["id"]!.GetValue<string>()}/log?limit=1000"))!;
        Assert.DoesNotContain(log, l => l!["text"]!.GetValue<string>() == "OUT");
    }

    private static async Task<(int Code, string Output, string Errors)> OkAsync(
        NewCheckout checkout, params string[] command)
    {
        var ended = await checkout.RunAsync(command);
        Assert.True(ended.Code == 0, $"{string.Join(' ', command)}: {ended.Output}{ended.Errors}");
        return ended;
    }
}
