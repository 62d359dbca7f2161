using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Portal.E2E.Tests.Hosting;
using Portal.E2E.Tests.Journeys;

namespace Portal.E2E.Tests.Pages;

/// <summary>Scripts written for Backstage find what they know, and the portal's own API describes itself.</summary>
public sealed class BackstageRoutesTests(SharedPortal shared)
{
    private const string Scaffolder = "/api/scaffolder/v2";

    [Fact]
    public async Task Tasks_OfARun_HaveBackstagesShape()
    {
        var run = (await shared.HandbookAsync())["run"]!["id"]!.GetValue<string>();
        using var client = await ClientAsync();

        var task = await client.GetFromJsonAsync<JsonObject>($"{Scaffolder}/tasks/{run}");
        Assert.Equal(
            (run, "completed", "user:default/ada"), (Text(task, "id"), Text(task, "status"), Text(task, "createdBy")));
        Assert.Equal("handbook", Text(task!["spec"]!["parameters"], "name"));
        Assert.Equal("template:default/static-site", Text(task["spec"]!["templateInfo"], "entityRef"));
        var all = await client.GetFromJsonAsync<JsonObject>($"{Scaffolder}/tasks?status=completed");
        Assert.Contains(all!["tasks"]!.AsArray(), t => Text(t, "id") == run);
        Assert.Equal(all["totalTasks"]!.GetValue<int>(), all["tasks"]!.AsArray().Count);
    }

    [Fact]
    public async Task Events_AfterOne_AreTheRestAndEndWithTheOutput()
    {
        var run = (await shared.HandbookAsync())["run"]!["id"]!.GetValue<string>();
        using var client = await ClientAsync();

        var all = await client.GetFromJsonAsync<JsonArray>($"{Scaffolder}/tasks/{run}/events");
        Assert.All(
            all!, e => Assert.Contains(Text(e, "type"), new[] { "log", "completion", "cancelled", "recovered" }));
        Assert.All(all!, e => Assert.False(string.IsNullOrEmpty(Text(e!["body"], "message"))));
        Assert.Contains(
            all!, e => Text(e!["body"], "stepId") == "publish" && Text(e!["body"], "status") == "completed");
        Assert.Equal(("completion", "completed"), (Text(all![^1], "type"), Text(all[^1]!["body"], "status")));
        Assert.NotEmpty(all[^1]!["body"]!["output"]!["links"]!.AsArray());
        var rest = await client.GetFromJsonAsync<JsonArray>($"{Scaffolder}/tasks/{run}/events?after={all[2]!["id"]}");
        Assert.Equal(all.Count - 3, rest!.Count);
    }

    [Fact]
    public async Task Start_WithBackstagesBody_IsCreatedAndWrongValuesHaveItsErrors()
    {
        using var client = await ClientAsync();
        using var wrong = await client.PostAsJsonAsync($"{Scaffolder}/tasks", Body("Not A Name"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        var error = (await wrong.Content.ReadFromJsonAsync<JsonObject>())!["errors"]![0];
        Assert.Equal((".name", "instance.name"), (Text(error, "path"), Text(error, "property")));

        using var unknown = await client.GetAsync($"{Scaffolder}/tasks/{Guid.NewGuid()}");
        await AssertErrorAsync(unknown, HttpStatusCode.NotFound, "NotFoundError");
        using var noTemplate = await client.PostAsJsonAsync(
            $"{Scaffolder}/tasks",
            new JsonObject { ["templateRef"] = "template:default/none", ["values"] = new JsonObject() });
        await AssertErrorAsync(noTemplate, HttpStatusCode.NotFound, "NotFoundError");
    }

    [Fact]
    public async Task Actions_All_HaveSchemasAndExamples()
    {
        using var client = await ClientAsync();
        var actions = await client.GetFromJsonAsync<JsonArray>($"{Scaffolder}/actions");
        string[] expected =
        [
            "fetch:template", "fetch:plain", "fetch:template:file", "fetch:plain:file", "fs:delete", "fs:rename",
            "fs:read", "fs:readdir", "catalog:register", "catalog:write",
            "catalog:fetch", "debug:log", "debug:wait", "repo:create", "pipeline:run", "environment:create",
        ];
        Assert.Empty(expected.Except(actions!.Select(a => Text(a, "id")!)));
        Assert.All(actions!, a => Assert.Equal("object", Text(a!["schema"]!["input"], "type")));
        Assert.All(actions!, a => Assert.NotEmpty(a!["examples"]!.AsArray()));
    }

    [Fact]
    public async Task ParameterSchema_OfATemplate_IsItsFormPages()
    {
        using var client = await ClientAsync();
        var schema = await client.GetFromJsonAsync<JsonObject>(
            $"{Scaffolder}/templates/default/template/static-site/parameter-schema");
        Assert.Equal("Static site", Text(schema, "title"));
        var page = Assert.Single(schema!["steps"]!.AsArray())!;
        Assert.Equal("Your site", Text(page, "title"));
        Assert.Equal("EntityNamePicker", Text(page["schema"]!["properties"]!["name"], "ui:field"));
    }

    [Fact]
    public async Task DryRun_TemplateInTheBody_AnswersWithFilesAndMakesNothing()
    {
        using var client = await ClientAsync();
        var runs = await client.CountAsync("/api/v1/runs");
        using var answer = await client.PostAsJsonAsync($"{Scaffolder}/dry-run", JsonNode.Parse("""
            {
              "template": {
                "apiVersion": "scaffolder.backstage.io/v1beta3", "kind": "Template", "metadata": { "name": "tried" },
                "spec": {
                  "type": "service", "parameters": [], "output": { "links": [ { "title": "x", "url": "https://example.test/${{ parameters.name }}" } ] },
                  "steps": [ { "id": "fetch", "name": "Fetch", "action": "fetch:template", "input": { "url": "./skeleton", "values": { "name": "${{ parameters.name }}" } } } ]
                }
              },
              "values": { "name": "ada" }, "secrets": {},
              "directoryContents": [ { "path": "skeleton/${{ values.name }}.txt", "base64Content": "SGVsbG8gJHt7IHZhbHVlcy5uYW1lIH19Cg==" } ]
            }
            """));
        var body = await answer.Content.ReadFromJsonAsync<JsonObject>();
        Assert.True(answer.IsSuccessStatusCode, body!.ToJsonString());
        var file = Assert.Single(body["directoryContents"]!.AsArray(), f => Text(f, "path") == "ada.txt");
        Assert.Equal("Hello ada\n"u8.ToArray(), Convert.FromBase64String(Text(file, "base64Content")!));
        Assert.Equal("https://example.test/ada", Text(body["output"]!["links"]![0], "url"));
        Assert.Equal("fetch", Text(body["steps"]![0], "id"));
        Assert.NotNull(body["log"]);
        Assert.Equal(runs, await client.CountAsync("/api/v1/runs"));
    }

    [Fact]
    public async Task Entities_ByQuery_FilterOrderAndGoOnByCursor()
    {
        await shared.HandbookAsync();
        using var client = await ClientAsync();
        const string query =
            "/api/catalog/entities/by-query?filter=kind=user&filter=kind=group,spec.type=team&orderField=metadata.name,desc&limit=2&fields=kind,metadata.name";
        var names = new List<string>();
        var page = await client.GetFromJsonAsync<JsonObject>(query);
        var total = page!["totalItems"]!.GetValue<int>();
        for (; ; page = await client.GetFromJsonAsync<JsonObject>(
            $"/api/catalog/entities/by-query?limit=2&fields=kind,metadata.name&cursor={Uri.EscapeDataString(Text(page["pageInfo"], "nextCursor")!)}"))
        {
            Assert.InRange(page!["items"]!.AsArray().Count, 1, 2);
            names.AddRange(page["items"]!.AsArray().Select(e => Text(e!["metadata"], "name")!));
            if (page["pageInfo"]!["nextCursor"] is null) break;
        }
        Assert.Equal(
            ["storefront", "platform", "orders", "fulfilment", "farah", "emil", "dana", "chen", "ben", "ada"], names);
        Assert.Equal(10, total);

        var one = await client.GetFromJsonAsync<JsonObject>("/api/catalog/entities/by-name/component/default/handbook");
        Assert.Equal(("Component", "handbook"), (Text(one, "kind"), Text(one!["metadata"], "name")));
        Assert.Contains(
            one["relations"]!.AsArray(),
            r => (Text(r, "type"), Text(r, "targetRef")) == ("ownedBy", "group:default/orders"));
        using var none = await client.GetAsync("/api/catalog/entities/by-name/component/default/none");
        await AssertErrorAsync(none, HttpStatusCode.NotFound, "NotFoundError");
    }

    [Fact]
    public async Task OpenApi_Document_Is31AndNamesEveryRoute()
    {
        using var client = await ClientAsync();
        var document = await client.GetFromJsonAsync<JsonObject>("/openapi/v1.json");
        Assert.StartsWith("3.1", Text(document, "openapi"), StringComparison.Ordinal);
        string[] expected =
        [
            "/api/v1/runs", "/api/v1/runs/{id}", "/api/v1/templates", "/api/v1/catalog/entities",
            "/api/v1/environments", "/api/v1/pipelines", "/api/v1/costs", "/api/v1/activity"
        ];
        Assert.Empty(expected.Except(document!["paths"]!.AsObject().Select(p => p.Key)));
    }

    private static JsonObject Body(string name) => new()
    {
        ["templateRef"] = "template:default/static-site",
        ["values"] = new JsonObject { ["name"] = name, ["owner"] = "group:default/orders" },
        ["secrets"] = new JsonObject(),
    };

    private static async Task AssertErrorAsync(HttpResponseMessage answer, HttpStatusCode status, string name)
    {
        var body = await answer.Content.ReadFromJsonAsync<JsonObject>();
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(
            (name, (int)status), (Text(body!["error"], "name"), body["response"]!["statusCode"]!.GetValue<int>()));
        Assert.False(string.IsNullOrEmpty(Text(body["error"], "message")));
    }

    private static string? Text(JsonNode? node, string name) => node?[name]?.GetValue<string>();

    private async Task<HttpClient> ClientAsync() => await (await shared.PortalAsync()).ClientAsync("ada");
}
