using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Portal.Web.Tests.Requests;

/// <summary>Teams, people and requests to join over the API: each change by who may, and by who may not.</summary>
public sealed class OrganisationTests(LivePortal portal) : IClassFixture<LivePortal>
{
    private static readonly (string Method, string Path, object? Body)[] OfAdministrators =
    [
        ("POST", "/api/v1/teams", new { name = "mine" }),
        ("DELETE", "/api/v1/teams/default/orders", null),
        ("POST", "/api/v1/people", new { name = "mine" }),
        ("PUT", "/api/v1/people/default/ben", new { title = "Somebody else" }),
        ("DELETE", "/api/v1/people/default/ada", null),
        ("PUT", "/api/v1/people/default/ben/administrator", null),
        ("DELETE", "/api/v1/people/default/chen/administrator", null),
        ("POST", "/api/v1/people/import", new { text = "" }),
        ("POST", "/api/v1/people/import/preview", new { text = "" }),
        ("DELETE", "/api/v1/teams/default/orders/members/default/ada", null),
    ];

    private static readonly (string Method, string Path, object? Body)[] OfMembers =
    [
        ("PUT", "/api/v1/teams/default/platform", new { title = "Ours" }),
        ("POST", "/api/v1/teams/default/platform/members", new { person = "user:default/ben" }),
        ("GET", "/api/v1/teams/default/platform/join-requests", null),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Change_ByWhoMayNot_IsForbidden()
    {
        using var ben = await portal.ClientAsync("ben");
        foreach (var (method, path, body) in OfAdministrators.Concat(OfMembers))
        {
            using var answer = await SendAsync(ben, method, path, body);
            Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"{method} {path}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task Change_WithoutAToken_IsUnauthorised()
    {
        using var nobody = new HttpClient { BaseAddress = portal.Address };
        foreach (var (method, path, body) in OfAdministrators.Concat(OfMembers))
        {
            using var answer = await SendAsync(nobody, method, path, body);
            Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{method} {path}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task Team_FromItsCreationToItsFirstMember_OverTheApi()
    {
        using var chen = await portal.ClientAsync("chen");
        using var ben = await portal.ClientAsync("ben");
        using var made = await SendAsync(chen, "POST", "/api/v1/teams", new { name = "payments", title = "Payments" });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        using var asked = await SendAsync(
            ben, "POST", "/api/v1/teams/default/payments/join-requests", new { message = "Me" });
        var id = (await asked.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!["id"];
        using var own = await SendAsync(ben, "POST", $"/api/v1/join-requests/{id}/accept", null);
        Assert.Equal(HttpStatusCode.Forbidden, own.StatusCode);

        using var accepted = await SendAsync(chen, "POST", $"/api/v1/join-requests/{id}/accept", null);

        Assert.Equal(HttpStatusCode.NoContent, accepted.StatusCode);
        var members = await chen.GetFromJsonAsync<JsonObject>(
            "/api/v1/teams/default/payments/members", Cancellation);
        Assert.Equal("user:default/ben", members!["items"]![0]!["reference"]!.GetValue<string>());
        var teams = await chen.GetFromJsonAsync<JsonObject>("/api/v1/teams?search=payments", Cancellation);
        Assert.Equal(1, teams!["items"]![0]!["members"]!.GetValue<int>());
    }

    [Fact]
    public async Task SetUp_WhereSomebodyAdministers_IsNotThere()
    {
        using var nobody = new HttpClient { BaseAddress = portal.Address };
        using var answer = await nobody.GetAsync("/set-up?key=0123", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client, string method, string path, object? body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null) request.Content = JsonContent.Create(body);
        return await client.SendAsync(request, Cancellation);
    }
}
