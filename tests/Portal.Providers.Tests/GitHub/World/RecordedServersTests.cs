using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Portal.TestKit.GitHub;

namespace Portal.Providers.Tests.GitHub.World;

public sealed class RecordedServersTests
{
    [Fact]
    public async Task Prism_ChecksRequests_AndTakesSlashesInPaths()
    {
        await using var prism = await PrismServer.StartAsync();
        using var http =
            new HttpClient(prism.CreateHandler()) { BaseAddress = new Uri("https://github.example.com/api/v3/") };
        http.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "application/vnd.github+json");

        using var written = await http.PutAsJsonAsync(
            "repos/shop/orders/contents/src/a.txt", new JsonObject { ["message"] = "x", ["content"] = "eA==" });
        Assert.True(written.IsSuccessStatusCode, $"{written.StatusCode}");
        prism.AssertNoViolations();

        using var wrong = await http.PostAsJsonAsync("orgs/shop/repos", new JsonObject { ["visibility"] = "secret" });
        Assert.Equal(422, (int)wrong.StatusCode);
        Assert.Contains(prism.Violations, v => v.Contains("visibility", StringComparison.Ordinal));
        Assert.Contains(prism.Violations, v => v.Contains("name", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Fixtures_Scenario_IsPlayedBackOnce()
    {
        await using var fixtures = await FixturesServer.StartAsync();
        var address = await fixtures.LoadAsync("get-repository");
        using var http = new HttpClient();
        http.DefaultRequestHeaders.TryAddWithoutValidation("Accept", FixturesServer.Accept);
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", FixturesServer.Authorization);

        var repository =
            await http.GetFromJsonAsync<JsonNode>(new Uri(address, "repos/octokit-fixture-org/hello-world"));

        Assert.Equal("octokit-fixture-org/hello-world", (string)repository!["full_name"]!);
        using var again = await http.GetAsync(new Uri(address, "repos/octokit-fixture-org/hello-world"));
        Assert.Equal(404, (int)again.StatusCode);
    }
}
