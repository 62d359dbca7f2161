using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Portal.TestKit;

namespace Portal.E2E.Tests.Attacks;

/// <summary>
/// What people write cannot take the machine's memory: the peak of a real portal under texts that would cost gigabytes.
/// Each attack is answered, the portal goes on, and it stays below the bound of its test.
/// </summary>
[Trait("Category", "Attack")]
[Trait("User", "Any")]
public sealed class MemoryAttacksTests(AttackedPortal attacked) : IClassFixture<AttackedPortal>
{
    /// <summary>MiB, of which an idle portal takes about 250.</summary>
    private const double Most = 900;

    /// <summary>Nothing was read before.</summary>
    private const double AfterStart = 500;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_WithFiveThousandEntitiesInTenFiles_StaysBelowTheBound()
    {
        await attacked.MeasureAsync("registration", Most, async () =>
        {
            await attacked.CreateAsync(
                "parts",
                Enumerable.Range(0, 10).ToDictionary(r => $"parts{r}", r => HostileTexts.Entities($"parts{r}", 500)));
            await attacked.HasAsync("parts", 5_000);
        });

        await attacked.MeasureAsync("next start", AfterStart, async () =>
        {
            await attacked.Portal.Process.StopAsync();
            await attacked.Portal.Process.StartAgainAsync(Cancellation);
            // The look through everything that a start begins with is under way; a push is read beside it.
            using var git = await attacked.CloneAsync("parts9");
            git.Replace("catalog-info.yaml", "name: parts9-250\n", "name: parts9-250\n  title: restarted\n");
            await git.CommitAndPushAsync("Label");
            await attacked.HasAsync("restarted", 1);
            await attacked.HasAsync("parts", 5_000);
        });
    }

    [Fact]
    public async Task Push_OneLabelOfAThousandEntities_StaysBelowTheBound()
    {
        await attacked.CreateAsync(
            "labels", new Dictionary<string, string> { ["labels"] = HostileTexts.Entities("labels", 1_000) });
        await attacked.HasAsync("labels", 1_000);
        using var git = await attacked.CloneAsync("labels");

        await attacked.MeasureAsync("one label", Most, async () =>
        {
            git.Replace("catalog-info.yaml", "name: labels-500\n", "name: labels-500\n  title: relabelled\n");
            await git.CommitAndPushAsync("Label");
            await attacked.HasAsync("relabelled", 1);
        });
    }

    [Fact]
    public async Task Push_HostileWorkflows_FailEachInWordsBelowTheBound()
    {
        await attacked.CreateAsync(
            "workflows", new Dictionary<string, string> { ["workflows"] = HostileTexts.Entities("workflows", 1) });
        using var git = await attacked.CloneAsync("workflows");
        foreach (var (name, text) in HostileTexts.Workflows)
        {
            var path = Path.Combine(git.Folder, ".github/workflows", name + ".yml");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, text, Cancellation);
        }

        await attacked.MeasureAsync("workflows", Most, async () =>
        {
            await git.CommitAndPushAsync("Attack");
            await Eventually.TrueAsync(
                async () => (await attacked.PipelinesAsync("workflows")).Count(
                    r => r!["status"]!.GetValue<string>() == "failed") == HostileTexts.Workflows.Count,
                "all workflows to fail", TimeSpan.FromMinutes(1));
        });
        var runs = await attacked.PipelinesAsync("workflows");
        Assert.All(runs, run => Assert.Contains("line", run!["failure"]!.GetValue<string>(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Push_DescriptorOfAliases_IsAProblemBelowTheBound()
    {
        await attacked.CreateAsync(
            "aliases", new Dictionary<string, string> { ["aliases"] = HostileTexts.Entities("aliases", 1) });
        await attacked.HasAsync("aliases-0", 1);
        using var git = await attacked.CloneAsync("aliases");
        await File.WriteAllTextAsync(Path.Combine(git.Folder, "catalog-info.yaml"), HostileTexts.Aliases, Cancellation);

        await attacked.MeasureAsync("descriptor", Most, async () =>
        {
            await git.CommitAndPushAsync("Attack");
            // Repositories are read in the order of their pushes: what is pushed afterwards comes afterwards.
            using var next = await attacked.CloneAsync("aliases");
            await File.WriteAllTextAsync(
                Path.Combine(next.Folder, "catalog-info.yaml"), HostileTexts.Entities("aliases", 2), Cancellation);
            await next.CommitAndPushAsync("Mend");
            await attacked.HasAsync("aliases-1", 1);
        });
    }

    [Fact]
    public async Task DryRun_HostileTemplates_AreAnsweredBelowTheBound() =>
        await attacked.MeasureAsync("templates", Most, async () =>
        {
            foreach (var (name, text) in HostileTexts.Renderings)
            {
                using var answer = await DryRunAsync(text, """{ "type": "string" }""", "x");
                Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{name}: {answer.StatusCode}");
                Assert.Contains(
                    "skeleton/a.txt:1:", await answer.Content.ReadAsStringAsync(Cancellation),
                    StringComparison.Ordinal);
            }
        });

    [Fact]
    public async Task DryRun_PatternsOfASchema_AreAnsweredBelowTheBound() =>
        await attacked.MeasureAsync("patterns", Most, async () =>
        {
            foreach (var pattern in (string[])
            [
                "^(a+)+$", "^(?=(a+)+$)", "(((a{1,500}){1,500}){1,500})", "^(([a-z])+.)+[A-Z]([a-z])+$"
            ])
            {
                using var answer = await DryRunAsync(
                    "x", $$"""{ "type": "string", "pattern": "{{pattern}}" }""", new string('a', 60) + "!");
                Assert.True(
                    answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.OK,
                    $"{pattern}: {answer.StatusCode}");
            }
        });

    [Fact]
    public async Task DryRun_LargeAndDeepBodies_AreRefusedBelowTheBound() =>
        await attacked.MeasureAsync("bodies", Most, async () =>
        {
            string[] bodies =
            [
                $"{{\"template\":{{\"a\":{new string('[', 200_000)}",
                $"{{\"template\":{{\"a\":[{string.Join(',', Enumerable.Repeat("{}", 1_000_000))}]}}}}",
                $"{{\"template\":{{\"a\":\"{new string('x', 20_000_000)}\"}}}}",
            ];
            foreach (var body in bodies)
            {
                using var answer = await attacked.Ada.PostAsync(
                    "/api/scaffolder/v2/dry-run", new StringContent(body, Encoding.UTF8, "application/json"),
                    Cancellation);
                Assert.True(
                    answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge,
                    $"{answer.StatusCode}");
            }
        });

    [Fact]
    public async Task Query_HostileFilters_AreAnsweredBelowTheBound() =>
        await attacked.MeasureAsync("filters", Most, async () =>
        {
            foreach (var query in (string[])[
                "filter=" + string.Join(',', Enumerable.Range(0, 1_000).Select(i => $"a{i}")),
                "fields=" + string.Join(',', Enumerable.Repeat("metadata", 700)) + "&limit=500",
                "fullTextFilterTerm=" + new string('%', 1_000),
                "orderField=" + string.Join('.', Enumerable.Repeat("a", 2_000))])
            {
                using var answer = await attacked.Ada.GetAsync($"/api/catalog/entities/by-query?{query}", Cancellation);
                Assert.True(
                    answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.OK,
                    $"{query[..20]}: {answer.StatusCode}");
            }
        });

    private async Task<HttpResponseMessage> DryRunAsync(string skeleton, string schema, string value)
    {
        var template = JsonNode.Parse($$"""
            {
              "apiVersion": "scaffolder.backstage.io/v1beta3", "kind": "Template", "metadata": { "name": "attack", "title": "Attack" },
              "spec": {
                "owner": "group:default/platform", "type": "service",
                "parameters": [{ "title": "It", "properties": { "value": {{schema}} } }],
                "steps": [{ "id": "fetch", "name": "Fetch", "action": "fetch:template", "input": { "url": "./skeleton" } }]
              }
            }
            """);
        var body = new JsonObject
        {
            ["template"] = template, ["values"] = new JsonObject { ["value"] = value },
            ["directoryContents"] =
                new JsonArray(new JsonObject { ["path"] = "skeleton/a.txt", ["base64Content"] = Convert.ToBase64String(
                    Encoding.UTF8.GetBytes(skeleton.Replace("{{", "${{", StringComparison.Ordinal))) }),
        };
        return await attacked.Ada.PostAsJsonAsync("/api/scaffolder/v2/dry-run", body, Cancellation);
    }
}
