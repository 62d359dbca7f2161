using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Data;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.TestKit;
using Portal.TestKit.Fakes;

namespace Portal.Web.Tests.Requests;

/// <summary>
/// What somebody with a token tries in order to see the operator's secrets, or to have their own stored.
/// </summary>
[Trait("Category", "Attack")]
[Trait("User", "Any")]
public sealed class SecretAttacks(SecretPortal secret) : IClassFixture<SecretPortal>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Expressions() =>
    [
        "${{ environment.secrets.token }}", "${{ environment.secrets | dump }}",
        "${{ environment['secrets']['token'] | upper }}", "${{ environment | dump }}",
        "{% for name, value in environment.secrets %}${{ name }}=${{ value }};{% endfor %}",
        "${{ environment.secrets.token | replace('-', '') | reverse }}",
        "{% set all = environment %}${{ all.secrets.token[0:5] }}",
    ];

    [Theory]
    [MemberData(nameof(Expressions))]
    public async Task DryRun_OfATemplateThatPrintsTheOperatorsSecrets_PrintsNone(string expression)
    {
        using var ada = await secret.Portal.ClientAsync("ada");
        foreach (var input in new[] { ("debug:log", new JsonObject { ["message"] = expression }), (
            "fetch:template",
            new JsonObject { ["url"] = "./skeleton", ["values"] = new JsonObject { ["a"] = expression } }) })
        {
            using var answer = await ada.PostAsJsonAsync(
                "/api/scaffolder/v2/dry-run", DryRun(input.Item1, input.Item2, expression), Cancellation);
            AssertNothing(await answer.Content.ReadAsStringAsync(Cancellation));
        }
    }

    /// <summary>The source that may have them, planned by anybody.</summary>
    [Theory]
    [InlineData("trusted")]
    [InlineData("other")]
    public async Task Plan_OfATemplateThatUsesThem_ShowsNone(string template)
    {
        using var ada = await secret.Portal.ClientAsync("ada");
        using var answer = await ada.PostAsJsonAsync(
            $"/api/v1/templates/default/{template}/plan", new { values = new JsonObject() }, Cancellation);
        AssertNothing(await answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Run_OfATemplateThatMayHaveThem_UsesAndShowsNone()
    {
        var (events, whole) = await RunAsync("trusted");

        Assert.Contains("used ***", events, StringComparison.Ordinal);
        AssertNothing(whole);
    }

    [Fact]
    public async Task Run_OfATemplateOfAnotherSource_HasNone()
    {
        var (events, whole) = await RunAsync("other");

        Assert.Contains("used .", events, StringComparison.Ordinal);
        AssertNothing(whole);
    }

    /// <summary>The reason of an environment is a text, and the run's input is a template.</summary>
    [Fact]
    public async Task OwnStep_OfTextThatIsAnExpression_StaysText()
    {
        var input = new JsonObject { ["message"] = "${{ environment.secrets.token }} ${{ 1 + 1 }}" };
        var run = await secret.Portal.Services.GetRequiredService<StartRun>().ExecuteAsync(
            new RunProposal(
                "Text", RunSpec.Own("environment", "Create", "debug:log", input), input, EntityRef.Group("orders")),
            new Actor(EntityRef.User("ada"), "Ada", []), Cancellation);
        using var ada = await secret.Portal.ClientAsync("ada");

        var events = await EndAsync(ada, run.Value);

        Assert.Contains("${{ environment.secrets.token }} ${{ 1 + 1 }}", events, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "password": "hunter2-draft", "name": "a" }""")]
    [InlineData("""{ "database": { "key": "hunter2-draft" } }""")]
    [InlineData("""{ "users": [{ "key": "hunter2-draft" }] }""")]
    [InlineData("""{ "users": { "0": { "key": "hunter2-draft" } } }""")]
    [InlineData("""{ "database": [{ "key": "hunter2-draft" }] }""")]
    public async Task Draft_WithASecretSentByTheApi_KeepsNone(string values)
    {
        using var ada = await secret.Portal.ClientAsync("ada");
        using var made = await ada.PostAsJsonAsync(
            "/api/v1/drafts", new { template = "template:default/secretive", values = JsonNode.Parse(values) },
            Cancellation);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var id = (string)(await made.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!["id"]!;
        using var saved = await ada.PutAsJsonAsync(
            $"/api/v1/drafts/{id}", new { values = JsonNode.Parse(values), page = 0 }, Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, saved.StatusCode);

        Assert.DoesNotContain(
            "hunter2", await ada.GetStringAsync($"/api/v1/drafts/{id}", Cancellation), StringComparison.Ordinal);
        await using var db = await secret.Portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>()
            .CreateDbContextAsync(Cancellation);
        Assert.Empty(await db.Database.SqlQueryRaw<string>(
            "select values::text as \"Value\" from drafts where values::text like '%hunter2%'").ToListAsync(
                Cancellation));
    }

    [Fact]
    public async Task Draft_OfATemplateThatIsNotThere_KeepsNothing()
    {
        using var ada = await secret.Portal.ClientAsync("ada");
        using var made = await ada.PostAsJsonAsync(
            "/api/v1/drafts", new { template = "template:default/nowhere", values = new { password = "hunter2" } },
            Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, made.StatusCode);
    }

    private async Task<(string Events, string Whole)> RunAsync(string template)
    {
        using var ada = await secret.Portal.ClientAsync("ada");
        using var started = await ada.PostAsJsonAsync(
            "/api/v1/runs", new { template = $"template:default/{template}", values = new JsonObject() }, Cancellation);
        Assert.Equal(HttpStatusCode.Created, started.StatusCode);
        var run = (Guid)(await started.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!["id"]!;
        var events = await EndAsync(ada, run);
        return (events, events + await ada.GetStringAsync($"/api/v1/runs/{run}", Cancellation)
            + await ada.GetStringAsync("/api/v1/activity", Cancellation));
    }

    private static async Task<string> EndAsync(HttpClient client, Guid run)
    {
        await Eventually.TrueAsync(
            async () => (string?)JsonNode.Parse(await client.GetStringAsync(
                $"/api/v1/runs/{run}",
                Cancellation))!["run"]!["status"] is "completed" or "Completed" or "failed" or "Failed",
            "the run to end");
        return string.Join('\n', JsonNode.Parse(await client.GetStringAsync(
            $"/api/v1/runs/{run}/events", Cancellation))!.AsArray().Select(e => (string?)e!["message"]));
    }

    private static void AssertNothing(string text)
    {
        var bare = new string([.. WebUtility.HtmlDecode(text).Where(char.IsLetterOrDigit)]);
        foreach (var part in new[] { "OPER4TOR", "oper4tor", "ROT4REPO", "rot4repo" })
        {
            Assert.DoesNotContain(part, bare, StringComparison.OrdinalIgnoreCase);
        }
        Assert.DoesNotContain(
            Convert.ToBase64String(Encoding.UTF8.GetBytes(SecretPortal.Secret))[..12], text, StringComparison.Ordinal);
    }

    private static JsonObject DryRun(string action, JsonObject input, string expression) => new()
    {
        ["template"] = new JsonObject
        {
            ["apiVersion"] = "scaffolder.backstage.io/v1beta3", ["kind"] = "Template",
            ["metadata"] = new JsonObject { ["name"] = "trusted", ["title"] = expression },
            ["spec"] = new JsonObject
            {
                ["owner"] = "group:default/orders", ["type"] = "other",
                ["parameters"] = new JsonArray(
                    new JsonObject { ["title"] = "a", ["properties"] = new JsonObject { ["a"] = new JsonObject
                    {
                        ["type"] = "string", ["default"] = expression,
                        ["ui:options"] = new JsonObject { ["x"] = expression }
                    } } }),
                ["steps"] = new JsonArray(
                    new JsonObject { ["id"] = "s", ["name"] = "Say", ["action"] = action, ["input"] = input }),
                ["output"] = new JsonObject { ["text"] = new JsonArray(
                    new JsonObject { ["title"] = "t", ["content"] = expression }) },
            },
        },
        ["values"] = new JsonObject(), ["secrets"] = new JsonObject(),
        ["directoryContents"] = new JsonArray(new JsonObject
        {
            ["path"] = "skeleton/a.txt",
            ["base64Content"] = Convert.ToBase64String(Encoding.UTF8.GetBytes("${{ values.a }} " + expression))
        }),
    };
}

/// <summary>A portal whose operator gave secrets to one of two sources of templates.</summary>
public sealed class SecretPortal : IAsyncLifetime
{
    public const string Secret = "OPER4TOR-key/1 \"x\"";

    private readonly TemplateOnDisk trusted = Named("trusted", Use);
    private readonly TemplateOnDisk other = Named("other", Use);
    private readonly TemplateOnDisk secretive = Named("secretive", """
          parameters:
            - title: About
              properties:
                name: { type: string }
                password: { type: string, ui:field: Secret }
                database: { type: object, properties: { key: { type: string, ui:field: Secret } } }
                users: { type: array, items: { type: object, properties: { key: { type: string, ui:field: Secret } } } }
          steps:
            - { id: say, action: debug:log, input: { message: hello } }
        """);

    private const string Use = """
          parameters: []
          steps:
            - id: say
              action: debug:log
              input: { message: 'used ${{ environment.secrets.token }}.' }
            - id: derived
              action: debug:log
              input: { message: 'made ${{ environment.secrets.token | lower | replace("-", "_") }} and ${{ environment.secrets.token | reverse }}.' }
        """;

    public LivePortal Portal { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Portal = new LivePortal
        {
            Settings =
            [
                $"--Portal:Templates:Sources:0={trusted.Path}", $"--Portal:Templates:Sources:1={other.Path}",
                $"--Portal:Templates:Sources:2={secretive.Path}",
                $"--Portal:Templates:EnvironmentSecrets:token={Secret}",
                $"--Portal:Templates:SecretSources:0:Source={trusted.Path}",
            ],
        };
        await Portal.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Portal.DisposeAsync();
        trusted.Dispose();
        other.Dispose();
        secretive.Dispose();
    }

    private static TemplateOnDisk Named(string name, string spec)
    {
        var template = new TemplateOnDisk();
        template.Write(
            "template.yaml", Plans.Text(spec).Replace("name: example", $"name: {name}", StringComparison.Ordinal));
        return template;
    }
}
