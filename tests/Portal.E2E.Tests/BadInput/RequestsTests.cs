using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.E2E.Tests.Hosting;
using Portal.E2E.Tests.Journeys;

namespace Portal.E2E.Tests.BadInput;

/// <summary>What nobody should send: a clear message each time, and nothing half-made.</summary>
public sealed class RequestsTests(SharedPortal shared)
{
    [Fact]
    public async Task Start_NameThatIsTaken_IsRefusedBesideTheFieldAndMakesNothing()
    {
        await shared.HandbookAsync();
        await AssertRefusedAsync("static-site", Values("handbook"), HttpStatusCode.Conflict, "handbook");
    }

    [Fact]
    public async Task Start_ValueOf1MB_IsRefused()
    {
        var values = Values("big");
        values["description"] = new string('x', 1024 * 1024);
        await AssertRefusedAsync("static-site", values, HttpStatusCode.BadRequest, "description");
    }

    [Fact]
    public async Task Start_TemplateThatIsNotThere_IsRefused() =>
        await AssertRefusedAsync("no-such-thing", Values("new"), HttpStatusCode.NotFound, "no-such-thing");

    [Fact]
    public async Task Start_TemplateWithErrors_IsRefusedAndTheGalleryShowsThem()
    {
        shared.Templates.Write(
            "broken/template.yaml",
            "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata:\n  name: broken\n  title: [unfinished\nspec: {}\n");
        var portal = await shared.PortalAsync();
        using var client = await portal.ClientAsync("ada");
        var entry = await TestKit.Eventually.GetAsync(async () =>
            (await client.GetFromJsonAsync<JsonObject>("/api/v1/templates"))!["items"]!.AsArray().FirstOrDefault(t =>
                t!["source"]!.GetValue<string>().Contains("broken", StringComparison.Ordinal)), "the broken template");
        Assert.False(entry["canCreate"]!.GetValue<bool>());
        Assert.Contains(
            "line", Assert.Single(entry["errors"]!.AsArray())!.ToJsonString(), StringComparison.OrdinalIgnoreCase);
        await AssertRefusedAsync("broken", Values("new"), null, "broken");
    }

    [Fact]
    public async Task Api_WithoutToken_Is401() =>
        Assert.All(await StatusesAsync(
            await shared.PortalAsync(), "/api/v1/runs", "/api/v1/activity", "/api/v1/no-such-thing",
            "/api/scaffolder/v2/tasks", "/api/catalog/entities/by-query",
            "/git/orders/handbook.git/info/refs?service=git-upload-pack"),
            s => Assert.Equal(HttpStatusCode.Unauthorized, s));

    [Theory]
    [InlineData("POST", "/api/v1/runs", "{bad", HttpStatusCode.BadRequest, "code")]
    [InlineData("POST", "/api/v1/runs", "", HttpStatusCode.BadRequest, "code")]
    [InlineData("GET", "/api/v1/runs?limit=many", null, HttpStatusCode.BadRequest, "code")]
    [InlineData("GET", "/api/v1/runs?status=resting", null, HttpStatusCode.BadRequest, "code")]
    [InlineData("GET", "/api/v1/catalog/entities?sort=1", null, HttpStatusCode.BadRequest, "code")]
    [InlineData("GET", "/api/v1/no-such-thing", null, HttpStatusCode.NotFound, "code")]
    [InlineData("POST", "/api/scaffolder/v2/tasks", "{bad", HttpStatusCode.BadRequest, "error")]
    [InlineData("GET", "/api/catalog/no-such-thing", null, HttpStatusCode.NotFound, "error")]
    public async Task Api_RequestThatNoEndpointCanTake_IsAnErrorOfItsShape(
        string method, string path, string? body, HttpStatusCode status, string has)
    {
        using var client = await (await shared.PortalAsync()).ClientAsync("ada");
        using var request = new HttpRequestMessage(
            new HttpMethod(method),
            path) { Content = body is null ? null : new StringContent(body, null, "application/json") };

        using var answer = await client.SendAsync(request);

        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal(status, answer.StatusCode);
        Assert.True(JsonNode.Parse(text)!.AsObject().ContainsKey(has), text);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Bearer", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Api_BodyThatIsNotSaidToBeJson_IsToldWhatToSend()
    {
        using var client = await (await shared.PortalAsync()).ClientAsync("ada");
        using var body = new FormUrlEncodedContent([new("template", "static-site")]);

        using var answer = await client.PostAsync("/api/v1/runs", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(
            "Content-Type: application/json", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v1/runs?status=completed&status=failed")]
    [InlineData("/api/v1/runs?status=Completed")]
    [InlineData("/api/v1/catalog/entities?sort=updated&descending=true")]
    public async Task Api_NamesInAQuery_AreTakenAsAnswersWriteThem(string path)
    {
        await shared.HandbookAsync();
        using var client = await (await shared.PortalAsync()).ClientAsync("ada");

        Assert.NotEmpty((await client.GetFromJsonAsync<JsonObject>(path))!["items"]!.AsArray());
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("portal.attacker.example")]
    public async Task Request_ForAnotherHost_Is421(string host)
    {
        var portal = await shared.PortalAsync();
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri(portal.Address, "/")) { Headers = { Host = $"{host}:{portal.Address.Port}" } };
        using var answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
        Assert.Contains("127.0.0.1", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_ByAPersonOfAnotherTeam_IsRefusedAndChangesNothing()
    {
        await shared.HandbookAsync();
        var portal = await shared.PortalAsync();
        var host = portal.Services.GetRequiredService<IRepositoryHost>();
        var before = (await host.ListAsync(CancellationToken.None)).Single(r => r.Name.Name == "handbook");
        using var git = new GitClient(await portal.TokenAsync("ben"));
        await git.CloneAsync($"{portal.Address}git/orders/handbook.git");
        git.Replace("site/index.html", "Hello from", "Not from");

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => git.CommitAndPushAsync("Not mine"));

        Assert.Contains("403", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before.HeadCommit, (await host.FindAsync(before.Name, CancellationToken.None))!.HeadCommit);
    }

    private static JsonObject Values(string name) => new() { ["name"] = name, ["owner"] = "group:default/orders" };

    /// <param name="status">Null = any of 400 to 422.</param>
    private async Task AssertRefusedAsync(string template, JsonObject values, HttpStatusCode? status, string says)
    {
        var portal = await shared.PortalAsync();
        var host = portal.Services.GetRequiredService<IRepositoryHost>();
        using var client = await portal.ClientAsync("ada");
        var (runs, repositories) =
            (await client.CountAsync("/api/v1/runs"), (await host.ListAsync(CancellationToken.None)).Count);

        using var answer = await client.PostAsJsonAsync(
            "/api/v1/runs", new JsonObject { ["template"] = $"template:default/{template}", ["values"] = values });

        var body = await answer.Content.ReadAsStringAsync();
        if (status is { } expected) Assert.True(
            expected == answer.StatusCode, $"{answer.StatusCode}: {body[..Math.Min(body.Length, 2000)]}");
        else Assert.InRange((int)answer.StatusCode, 400, 422);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.True(body.Contains(says, StringComparison.Ordinal), body[..Math.Min(body.Length, 2000)]);
        Assert.True(body.Length < 4_000, $"The answer repeats what was sent: {body.Length} characters.");
        Assert.Equal(runs, await client.CountAsync("/api/v1/runs"));
        Assert.Equal(repositories, (await host.ListAsync(CancellationToken.None)).Count);
    }

    private static async Task<List<HttpStatusCode>> StatusesAsync(PortalHost portal, params string[] paths)
    {
        using var client = new HttpClient { BaseAddress = portal.Address };
        var statuses = new List<HttpStatusCode>();
        foreach (var path in paths)
        {
            using var answer = await client.GetAsync(path);
            statuses.Add(answer.StatusCode);
        }
        return statuses;
    }
}
