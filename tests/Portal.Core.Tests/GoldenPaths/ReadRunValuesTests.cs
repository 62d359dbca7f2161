using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Portal.Core.GoldenPaths;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.TestKit.Fakes;

namespace Portal.Core.Tests.GoldenPaths;

public sealed class ReadRunValuesTests : IDisposable
{
    private const string Spec = """
          parameters:
            properties:
              owner: { title: Team, type: string, ui:field: OwnerPicker }
              size: { title: How large, type: string, enum: [s, l], enumNames: [Small, Large] }
              public: { title: Open to all, type: boolean }
              note: { title: Note, type: string }
              database: { title: Database, type: object, properties: { kind: { title: Engine, type: string } } }
              users: { title: Users, type: array, items: { type: object, properties: { name: { title: Name, type: string }, token: { title: Token, type: string, ui:field: Secret } } } }
              regions: { title: Regions, type: array, items: { type: string } }
          steps: [{ id: log, action: 'debug:log', input: { message: hello } }]
        """;

    private readonly TemplateOnDisk folder = new(Spec);
    private readonly Plans plans = new();

    public ReadRunValuesTests() => plans.Get<IOptions<TemplateOptions>>().Value.Sources = [folder.Path];

    public void Dispose()
    {
        plans.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Of_ValuesOfEveryKind_AreNamedAsTheFormDoesInItsOrder()
    {
        var values = await OfAsync(
            """
            {"users": [{"name": "ada"}], "regions": ["eu", "us"], "database": {"kind": "postgres"}, "public": true,
            "size": "l", "owner": "group:default/orders", "note": ""}
            """, "users/0/token");

        Assert.Equal(
            [
                ("Team", "group:default/orders"), ("How large", "Large"), ("Open to all", "Yes"),
                ("Database › Engine", "postgres"), ("Users › 1 › Name", "ada"), ("Regions", "eu, us"),
                ("Users › 1 › Token", null),
            ],
            values.Select(v => (v.Title, v.Text)));
        Assert.Equal(EntityRef.Group("orders"), Assert.Single(values, v => v.Entity is not null).Entity);
        Assert.True(values[^1].IsSecret);
    }

    [Fact]
    public async Task Of_TextThatLooksLikeAnEntity_IsNoLink()
    {
        var values = await OfAsync("""{"note": "group:default/orders"}""");

        Assert.Null(Assert.Single(values).Entity);
    }

    [Fact]
    public async Task Of_NamesThatTheFormDoesNotHave_GoByTheirNames()
    {
        var values = await OfAsync("""{"pipelineRun": "7", "a/b": "c"}""");

        Assert.Equal([("A/b", "c"), ("Pipeline run", "7")], values.Select(v => (v.Title, v.Text!)).Order());
    }

    [Fact]
    public async Task Of_ManyAndLongValues_AreBounded()
    {
        var many = new JsonObject(Enumerable.Range(0, 1_000).Select(
            i => KeyValuePair.Create($"v{i}", (JsonNode?)new string('x', 10_000))));

        var values = await OfAsync(many.ToJsonString());

        Assert.Equal(ReadRunValues.Most, values.Count);
        Assert.All(values, v => Assert.True(v.Text!.Length <= ReadRunValues.LongestText + 2));
    }

    private Task<IReadOnlyList<RunValue>> OfAsync(string values, params string[] secrets) =>
        plans.Get<ReadRunValues>().OfAsync(
            new Run
            {
                Title = "example", Template = "template:default/example", Spec = "{}", Values = values,
                SecretNames = secrets, CreatedBy = "user:default/ada", Owner = "group:default/orders",
                CreatedAt = DateTimeOffset.UnixEpoch,
            }, CancellationToken.None);
}
