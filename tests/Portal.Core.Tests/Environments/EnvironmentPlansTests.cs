using System.Text.Json.Nodes;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;
using PlannedChange = Portal.Core.Providers.PlannedChange;

namespace Portal.Core.Tests.Environments;

public sealed class EnvironmentPlansTests(PostgresFixture postgres)
{
    private static readonly EnvironmentRequest Wanted = new(
        Shop.Orders, "dev", "dev", null, TimeSpan.FromDays(1), null);

    [Fact]
    public async Task Of_Request_AsksTheHostWithWhatWouldBeMade()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        shop.Host.Plan = new EnvironmentPlan(
            [new PlannedResource(PlannedChange.Create, "Microsoft.App/containerApps", "orders-dev-xxxxxx", [])],
            "Roles are not looked at.");

        var plan = (await PlanAsync(shop)).Value!;

        Assert.Equal(
            "Roles are not looked at. xxxxxx stands for characters that are chosen when it is made.", plan.Note);
        var asked = Assert.Single(shop.Host.Planned);
        Assert.Equal(("orders-dev-xxxxxx", "small", "run-1"), (asked.Id, asked.Size, asked.Version!.PipelineRunId));
        Assert.Equal("group:default/orders", asked.Labels["portal.owner"]);
        Assert.Contains("portal.expires", asked.Labels.Keys);
        Assert.Empty(shop.Host.Created);
    }

    [Fact]
    public async Task Of_HostThatCannotTell_IsNull()
    {
        await using var shop = await Shop.OpenAsync(postgres);

        Assert.Null((await PlanAsync(shop)).Value);
    }

    [Fact]
    public async Task Of_HostIsDown_IsItsError()
    {
        Troubled? line = null;
        await using var shop = await Shop.OpenAsync(postgres, more: host =>
        {
            (var environments, line) = Troubled.Of<IEnvironmentHost>(host);
            return
            [
                environments, Troubled.Of<IRepositoryHost>(host).Provider, Troubled.Of<IPipelineHost>(host).Provider
            ];
        });
        line!.Trouble = Trouble.Refuses;

        Assert.Equal(Troubled.Words, (await PlanAsync(shop)).Error!.Message);
    }

    [Fact]
    public async Task Request_ParametersOfTheDefinition_AreCheckedAndHandedOn()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        shop.Host.Definitions =
        [
            shop.Host.Definitions[0],
            new EnvironmentDefinition("database", "Database", "A database.", shop.Host.Definitions[0].Sizes, JsonNode.Parse("""
                { "type": "object", "required": ["version"], "properties": { "version": { "type": "string", "enum": ["16", "17"] }, "backups": { "type": "integer", "minimum": 1 } } }
                """)!.AsObject(), RunsVersion: false),
        ];
        var requests = shop.Get<RequestEnvironment>();
        var wrong = await requests.OfferAsync(
            Wanted with { Definition = "database", Parameters = new JsonObject { ["backups"] = 0 } }, RunBench.Ada,
            CancellationToken.None);

        Assert.Equal(["/parameters/backups", "/parameters/version"], wrong.Error!.Fields.Select(f => f.Path).Order());

        var run = await requests.ExecuteAsync(
            Wanted with { Definition = "database", Parameters = new JsonObject { ["version"] = "17" } }, RunBench.Ada,
            CancellationToken.None);
        await shop.Bench.ExecuteAsync(run.Value);

        Assert.Equal(RunStatus.Completed, (await shop.Bench.ReadAsync(run.Value)).Run.Status);
        var made = Assert.Single(shop.Host.Created);
        Assert.Equal(
            ("database", "17", "small"), (made.Definition, made.Parameters!["version"]!.ToString(), made.Size));
        Assert.Null(made.Version);
        Assert.Equal("database", Assert.Single(await shop.EnvironmentsAsync()).Definition);
    }

    private static Task<Result<EnvironmentPlan?>> PlanAsync(Shop shop) =>
        shop.Get<EnvironmentPlans>().OfAsync(Wanted, RunBench.Ada, CancellationToken.None);
}
