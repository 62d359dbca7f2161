using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Data;
using Portal.Core.Delivery;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Web.Tests.Requests;

namespace Portal.Web.Tests.Contract;

/// <summary>What a running portal answers, held to the document: each answer is judged where it is received.</summary>
[Collection(ContractPortal.Name)]
public sealed class AnswersTests(LivePortal portal) : IAsyncLifetime
{
    private readonly HeldToTheDocument held = new(new ApiDocument());
    private HttpClient client = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        client = new HttpClient(held) { BaseAddress = portal.Address };
        // Of the platform team, who may do everything.
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", await portal.TokenAsync("chen"));
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("/api/v1/me")]
    [InlineData("/api/v1/tokens")]
    [InlineData("/api/v1/activity?limit=5&once=true")]
    [InlineData("/api/v1/templates")]
    [InlineData("/api/v1/templates/default/static-site")]
    [InlineData("/api/v1/actions")]
    [InlineData("/api/v1/catalog/entities?limit=500&sort=updated&descending=true")]
    [InlineData("/api/v1/catalog/facets?kind=component")]
    [InlineData("/api/v1/catalog/entities/group/default/orders")]
    [InlineData("/api/v1/teams?sort=members&descending=true")]
    [InlineData("/api/v1/teams/default/orders/members")]
    [InlineData("/api/v1/teams/default/orders/join-requests")]
    [InlineData("/api/v1/join-requests")]
    [InlineData("/api/v1/people?search=a&limit=2")]
    [InlineData("/api/v1/costs")]
    [InlineData("/api/v1/operations/clock")]
    [InlineData("/api/v1/operations/differences")]
    public async Task Read_OfWhatThereIs_IsAsTheDocumentSays(string address)
    {
        using var answer = await client.GetAsync(address, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Run_FromPlanToUndo_IsAsTheDocumentSays()
    {
        var values = new { name = "contract-site", owner = "group:default/orders" };
        var plan = await PostAsync("/api/v1/templates/default/static-site/plan", new { values });
        var run = await PostAsync("/api/v1/runs",
            new { template = "template:default/static-site", values, treeHash = plan["treeHash"] });

        await ReadAsync("/api/v1/runs?limit=5&status=queued&status=running&status=completed&status=failed");
        await ReadAsync($"/api/v1/runs/{run["id"]}");
        using var cancelled = await client.PostAsync($"/api/v1/runs/{run["id"]}/cancel", null, Cancellation);
        // Ends with the run.
        await ReadAsync($"/api/v1/runs/{run["id"]}/eventstream");
        await ReadAsync($"/api/v1/runs/{run["id"]}");
        await ReadAsync($"/api/v1/runs/{run["id"]}/events?after=1&limit=3");
        await ReadAsync($"/api/v1/runs/{run["id"]}/undo");
        using var undone = await client.PostAsync($"/api/v1/runs/{run["id"]}/undo", null, Cancellation);

        Assert.Equal(["getRun 200", "getRunUndo 200", "listRunEvents 200", "planTemplate 200", "startRun 201"],
            Seen("planTemplate", "startRun", "getRun", "listRunEvents", "getRunUndo"));
    }

    [Fact]
    public async Task Draft_AsItIsKeptAndThrownAway_IsAsTheDocumentSays()
    {
        var draft = await PostAsync("/api/v1/drafts",
            new { template = "template:default/static-site", values = new { name = "kept" } });
        await ReadAsync($"/api/v1/drafts/{draft["id"]}");
        using var saved = await client.PutAsJsonAsync($"/api/v1/drafts/{draft["id"]}",
            new { values = new { name = "kept" }, page = 1 }, Cancellation);
        using var gone = await client.DeleteAsync($"/api/v1/drafts/{draft["id"]}", Cancellation);

        Assert.Equal(["createDraft 201", "deleteDraft 204", "getDraft 200", "saveDraft 204"],
            Seen("createDraft", "getDraft", "saveDraft", "deleteDraft"));
    }

    [Fact]
    public async Task Token_AsItIsMadeAndTakenAway_IsAsTheDocumentSays()
    {
        var token = await PostAsync("/api/v1/tokens", new { name = "contract", days = 1 });
        using var gone = await client.DeleteAsync($"/api/v1/tokens/{token["id"]}", Cancellation);

        Assert.Equal(["createToken 201", "revokeToken 204"], Seen("createToken", "revokeToken"));
    }

    [Fact]
    public async Task Organisation_AsItIsMadeAndTakenAway_IsAsTheDocumentSays()
    {
        const string user = "apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: {name: contract}\n";
        await PostAsync("/api/v1/teams", new { name = "contract", title = "Contract", email = "a@example.test" });
        await PostAsync("/api/v1/people", new { name = "contract", teams = (string[])["contract"] });
        await PostAsync("/api/v1/people/import/preview", new { text = user });
        await PostAsync("/api/v1/people/import", new { text = user });
        await PostAsync("/api/v1/teams/default/contract/join-requests", new { message = "Me" });
        await ReadAsync("/api/v1/join-requests");
        using var person = await client.DeleteAsync("/api/v1/people/default/contract", Cancellation);
        using var team = await client.DeleteAsync("/api/v1/teams/default/contract", Cancellation);

        Assert.Equal(
            ["addPerson 201", "askToJoin 201", "createTeam 201", "importPeople 200", "listMyJoinRequests 200",
                "previewImport 200", "removePerson 204", "removeTeam 204"],
            Seen("createTeam", "addPerson", "previewImport", "importPeople", "askToJoin", "listMyJoinRequests",
                "removePerson", "removeTeam"));
    }

    [Fact]
    public async Task EnvironmentsAndPipelines_AsTheyAreRead_AreAsTheDocumentSays()
    {
        var (environment, pipeline) = await AddAsync();

        await ReadAsync("/api/v1/environments?destroyed=true&type=dev");
        await ReadAsync($"/api/v1/environments/{environment}");
        await ReadAsync("/api/v1/pipelines?limit=5");
        await ReadAsync($"/api/v1/pipelines/{pipeline}");

        Assert.Equal(
            ["getEnvironment 200", "getPipelineRun 200", "listEnvironments 200", "listPipelineRuns 200"],
            Seen("listEnvironments", "getEnvironment", "listPipelineRuns", "getPipelineRun"));
    }

    [Theory]
    [InlineData("GET", "/api/v1/runs?limit=x", null, HttpStatusCode.BadRequest)]
    [InlineData("GET", "/api/v1/costs?month=May", null, HttpStatusCode.BadRequest)]
    [InlineData("POST", "/api/v1/runs", """{"template": 5}""", HttpStatusCode.BadRequest)]
    [InlineData("POST", "/api/v1/runs", """{"template": "template:default/static-site", "values": {}}""",
        HttpStatusCode.BadRequest)]
    [InlineData("POST", "/api/v1/runs", """{"template": "template:default/none"}""", HttpStatusCode.NotFound)]
    [InlineData("POST", "/api/v1/environments", """{"component": "component:default/none", "name": "dev"}""",
        HttpStatusCode.NotFound)]
    [InlineData("POST", "/api/v1/environments/offer", """{"component": "a:b:c", "name": "dev"}""",
        HttpStatusCode.BadRequest)]
    [InlineData("POST", "/api/v1/pipelines", """{"repository": "none"}""", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/api/v1/environments/none", null, HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/api/v1/environments/none", null, HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/v1/pipelines/none", null, HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/v1/environments/definitions", null, HttpStatusCode.BadRequest)]
    [InlineData("GET", "/api/v1/catalog/entities/component/default/none", null, HttpStatusCode.NotFound)]
    [InlineData("POST", "/api/v1/runs/018f0000-0000-7000-8000-000000000001/approval", """{"approve": true}""",
        HttpStatusCode.NotFound)]
    public async Task Request_ThatFails_FailsAsTheDocumentSays(string method, string address, string? body,
        HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address)
        {
            Content = body is null ? null : new StringContent(body, null, "application/json"),
        };
        using var answer = await client.SendAsync(request, Cancellation);
        Assert.Equal(expected, answer.StatusCode);
        Assert.NotNull((await answer.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!["code"]);
    }

    [Fact]
    public async Task Request_WithoutAToken_FailsAsTheDocumentSays()
    {
        client.DefaultRequestHeaders.Authorization = null;
        using var answer = await client.GetAsync("/api/v1/me", Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Request_WithoutTheRight_FailsAsTheDocumentSays()
    {
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", await portal.TokenAsync("ben"));
        using var answer = await client.GetAsync("/api/v1/tokens?person=user:default/ada", Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private IEnumerable<string> Seen(params string[] operations) =>
        held.Seen.Where(s => operations.Contains(s.Split(' ')[0])).Distinct().Order(StringComparer.Ordinal);

    private async Task ReadAsync(string address)
    {
        using var answer = await client.GetAsync(address, Cancellation);
        Assert.True(answer.IsSuccessStatusCode,
            $"{address}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync(Cancellation)}");
    }

    private async Task<JsonObject> PostAsync(string address, object body)
    {
        using var answer = await client.PostAsJsonAsync(address, body, Cancellation);
        Assert.True(answer.IsSuccessStatusCode,
            $"{address}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync(Cancellation)}");
        return (await answer.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!;
    }

    /// <summary>An environment with a deployment, and a pipeline run with all that one may have.</summary>
    private async Task<(string Environment, string Pipeline)> AddAsync()
    {
        var (now, id) = (DateTimeOffset.UtcNow, Guid.NewGuid().ToString("N"));
        var pipeline = new PipelineRun
        {
            Provider = "local", Id = id, Repository = "orders/contract", Number = 1, Branch = "main",
                Commit = new string('a', 40), CreatedAt = now,
        };
        pipeline.Follow(new PipelineRunInfo(
            id, RepositoryName.Parse("orders/contract"), "ci.yml", 1, "main", new string('a', 40), "Change it",
            PipelineTrigger.Push, PipelineStatus.Failed,
            now, now, now, [new PipelineJobInfo("1", "build", PipelineStatus.Failed, now, null,
            [new PipelineStepInfo("test", PipelineStatus.Skipped, null, null, "not available")])],
            [new ArtifactInfo("app", 12, 1)], 1, "It failed."));
        await using var db = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>()
            .CreateDbContextAsync(Cancellation);
        db.Add(pipeline);
        db.Add(new PortalEnvironment
        {
            Id = $"contract-{id}", Name = id, Component = "component:default/orders", Owner = "group:default/orders",
                Type = "dev", Size = "small",
            Provider = "gone", Repository = "orders/contract", CreatedBy = "user:default/ada", RunId = Guid.NewGuid(),
            PricePerHour = 0.01m,
            Currency = "EUR", CreatedAt = now,
        });
        db.Add(new Deployment { EnvironmentId = $"contract-{id}", PipelineRunId = id, Commit = new string('a', 40),
            By = "user:default/ada", StartedAt = now });
        await db.SaveChangesAsync(Cancellation);
        return ($"contract-{id}", id);
    }
}
