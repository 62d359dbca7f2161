using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Activities;
using Portal.Core.Audit;
using Portal.Core.Catalog;
using Portal.Core.Catalog.Discovery;
using Portal.Core.Costs;
using Portal.Core.Delivery;
using Portal.Core.Entities;
using Portal.Core.Environments;
using Portal.Core.Environments.Usage;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Inbound;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;
using Quartz;

namespace Portal.Core.Tests.Access;

/// <summary>A grant for one's own things gives lists of them; without any grant a list is refused.</summary>
public sealed class OwnThingsTests(PostgresFixture postgres) : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly Actor Ada = new(EntityRef.User("ada"), "Ada", [EntityRef.Group("orders")]);
    private static readonly Actor Bo = new(EntityRef.User("bo"), "Bo", [EntityRef.Group("billing")]);
    private static readonly Actor Auditor = new(EntityRef.User("eve"), "Eve", []);
    private static readonly Actor Stranger = new(EntityRef.User("zoe"), "Zoe", []);

    private readonly TemplateOnDisk templates = new(
        null, ("orders/template.yaml", Template("orders")), ("billing/template.yaml", Template("billing")));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Each list, as the names of what is in it.</summary>
    private static readonly Dictionary<string, Func<RunBench, Actor, Task<Result<string[]>>>> Lists =
        new(StringComparer.Ordinal)
        {
            ["catalog"] = async (b, a) => Names(
                await b.Get<ReadCatalog>().ListAsync(new CatalogFilter(), a, Cancellation),
                p => p.Items.Select(e => e.Name)),
            ["catalog facets"] = async (b, a) => Names(
                await b.Get<ReadCatalog>().FacetsAsync(new CatalogFilter(), a, Cancellation),
                f => f.Owners.Select(o => Team(o.Value))),
            ["environments"] = async (b, a) => Names(
                await b.Get<ReadEnvironments>().ListAsync(new EnvironmentFilter(), a, Cancellation),
                p => p.Items.Select(e => Team(e.Owner))),
            ["environment facets"] = async (b, a) =>
                Names(
                    await b.Get<ReadEnvironments>().FacetsAsync(new EnvironmentFilter(), a, Cancellation),
                    f => f.Owners.Select(o => Team(o.Value))),
            ["runs"] = async (b, a) => Names(
                await b.Get<ReadRuns>().ListAsync(new RunFilter(), a, Cancellation), p => p.Items.Select(r => r.Title)),
            ["runs by status"] = async (b, a) =>
                Names(
                    await b.Get<ReadRuns>().CountByStatusAsync(new RunFilter { Status = [] }, a, Cancellation),
                    c => c.Values.Sum() == 1 ? [a == Bo ? "billing" : "orders"] : ["all"]),
            ["runs by template"] =
                async (b, a) => Names(await b.Get<ReadRuns>().CountByTemplateAsync(a, Cancellation), c => c.Keys),
            ["pipelines"] = async (b, a) => Names(
                await b.Get<ReadPipelines>().ListAsync(null, 0, 50, a, Cancellation), p => p.Items.Select(r => r.Id)),
            ["discovery"] = async (b, a) =>
                Names(await b.Get<ReadDiscovery>().ListAsync(
                    new DiscoveryFilter { Show = FoundShow.Registered }, a,
                    Cancellation), p => p.Items.Select(r => r.Repository.Repository.Split('/')[1])),
            ["proposed"] = async (b, a) => Names(
                await b.Get<ReadDiscovery>().ListAsync(
                    new DiscoveryFilter { Show = FoundShow.Without }, a,
                    Cancellation), p => p.Items.Select(r => r.Repository.ProposedOwner!)),
            ["discovery summary"] = async (b, a) =>
                Names(
                    await b.Get<ReadDiscovery>().SummariseAsync(a, Cancellation),
                    s => (s.All, s.Registered) == (2, 1) ? [a == Bo ? "billing" : "orders"] : ["all"]),
            ["activity"] = async (b, a) => Names(
                await b.Get<ReadActivity>().ListAsync(new ActivityFilter(), a, Cancellation),
                p => p.Items.Select(e => Team(e.Owner!))),
            ["costs"] = async (b, a) => Names(
                await b.Get<ReadCosts>().MonthAsync(new CostFilter { Month = Noon, Limit = 10 }, a, Cancellation),
                r => r.Working.Select(w => Team(w.Owner))),
            ["costs by owner"] = async (b, a) => Names(
                await b.Get<ReadCosts>().MonthAsync(new CostFilter { Month = Noon }, a, Cancellation),
                r => r.ByOwner.Select(w => Team(w.Key))),
            ["costs by day"] = async (b, a) => Names(
                await b.Get<DailyCosts>().ListAsync(
                    new DailyCostFilter
                    {
                        From = new DateOnly(2026, 11, 1), To = new DateOnly(2026, 12, 1), By = DailyCostsBy.Owner,
                        Apart = ["group:default/orders", "group:default/billing"],
                    }, a, Cancellation), r => r.Select(w => Team(w.Key!)).Distinct()),
            ["costs of owners"] = async (b, a) => Names(
                await b.Get<ReadCosts>().OfOwnersAsync(
                    ["group:default/orders", "group:default/billing"], a,
                    Cancellation), r => r.Select(w => Team(w.Key))),
            ["billed"] = async (b, a) => Names(
                await b.Get<ReadCosts>().MonthAsync(new CostFilter { Month = Noon }, a, Cancellation),
                r => r.Billed.ByOwner.Select(w => Team(w.Key))),
            ["templates"] = async (b, a) =>
                Names(await b.Get<ReadTemplates>().ListAsync(a, Cancellation),
                t => t.Select(e => Team(e.Manifest!.Owner!.Value.Key))),
            ["approvals"] = async (b, a) => Names(
                await b.Get<ReadRuns>().ApprovalsForAsync(a, Cancellation), p => p.Select(r => r.Title)),
        };

    public static TheoryData<string> All => [.. Lists.Keys];

    [Theory]
    [MemberData(nameof(All))]
    public async Task List_GrantForOwnThings_GivesThoseAlone(string list)
    {
        await using var bench = await OpenAsync();

        Assert.Equal(["orders"], (await Lists[list](bench, Ada)).Value);
        Assert.Equal(["billing"], (await Lists[list](bench, Bo)).Value);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task List_GrantForOneTeam_GivesThatTeams(string list)
    {
        await using var bench = await OpenAsync();

        Assert.Equal(list == "approvals" ? [] : ["orders"], (await Lists[list](bench, Auditor)).Value);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task List_NoGrant_IsRefused(string list)
    {
        await using var bench = await OpenAsync();

        Assert.Equal(
            (ErrorKind.Forbidden, "not-allowed"),
            (await Lists[list](bench, Stranger)).Error is { } e ? (e.Kind, e.Code) : default);
    }

    /// <summary>A template is read by whom its owner's things may be read; a form and a plan ask the same.</summary>
    [Fact]
    public async Task Template_OfAnotherOwner_IsRefusedByItsName()
    {
        await using var bench = await OpenAsync();
        var (templates, reference) = (bench.Get<ReadTemplates>(), new EntityRef("template", "default", "orders"));

        Assert.True((await templates.FindAsync(reference, Ada, Cancellation)).IsOk);
        Assert.True((await templates.FindVersionAsync(reference, null, Auditor, Cancellation)).IsOk);
        Assert.Equal(ErrorKind.Forbidden, (await templates.FindAsync(reference, Bo, Cancellation)).Error?.Kind);
        Assert.Equal(ErrorKind.Forbidden,
            (await templates.FindVersionAsync(reference, null, Bo, Cancellation)).Error?.Kind);
        // Of what is not there nobody is told more than of what they may not see.
        Assert.Equal(ErrorKind.Forbidden,
            (await templates.FindAsync(reference with { Name = "none" }, Bo, Cancellation)).Error?.Kind);
        Assert.Equal(ErrorKind.NotFound,
            (await templates.FindAsync(reference with { Name = "none" }, Actor.System, Cancellation)).Error?.Kind);
    }

    /// <summary>
    /// They are nobody's: actions are for who may read a template, deliveries that failed for who may read everything.
    /// </summary>
    [Fact]
    public async Task NobodysThings_GrantForOwnThings_GivesWhatTheTableSays()
    {
        await using var bench = await OpenAsync();

        Assert.NotEmpty((await bench.Get<ReadTemplates>().ActionsAsync(Ada, Cancellation)).Value);
        Assert.Equal("not-allowed",
            (await bench.Get<ReadTemplates>().ActionsAsync(Stranger, Cancellation)).Error?.Code);
        Assert.Empty((await Deliveries(bench).FailedAsync(Ada, Cancellation)).Value);
        Assert.Equal("not-allowed", (await Deliveries(bench).FailedAsync(Stranger, Cancellation)).Error?.Code);
    }

    [Fact]
    public async Task Search_GrantForOwnThings_FindsThoseAlone()
    {
        await using var bench = await OpenAsync();

        Assert.Equal(
            ["orders"],
            (await bench.Get<SearchCatalog>().CandidatesAsync("sells", 5, Ada, Cancellation)).Select(c => c.Ref.Name));
        Assert.Empty(await bench.Get<SearchCatalog>().CandidatesAsync("sells", 5, Stranger, Cancellation));
        Assert.Equal(
            ["group:default/orders"],
            (await bench.Get<ReadEnvironments>().CandidatesAsync("dev", 5, Ada, Cancellation)).Select(e => e.Owner));
        Assert.Empty(await bench.Get<ReadEnvironments>().CandidatesAsync("dev", 5, Stranger, Cancellation));
    }

    [Fact]
    public async Task List_ServiceThatChangedHands_TakesItsPipelinesAlong()
    {
        await using var bench = await OpenAsync();
        await using var db = bench.Database.CreateDbContext();
        await db.Set<CatalogEntity>().Where(e => e.Name == "orders").ExecuteUpdateAsync(
            s => s.SetProperty(e => e.Owner, "group:default/billing"), Cancellation);

        Assert.Empty((await Lists["pipelines"](bench, Ada)).Value);
        Assert.Equal(["billing", "orders"], (await Lists["pipelines"](bench, Bo)).Value.Order());
        Assert.Equal(["billing", "orders"], (await Lists["discovery"](bench, Bo)).Value.Order());
    }

    [Fact]
    public async Task List_PipelinesOfAnUnregisteredRepository_BelongToTheTeamOfItsOrganisation()
    {
        await using var bench = await OpenAsync();
        await using var db = bench.Database.CreateDbContext();
        db.Add(Pipeline("other", "Billing/new"));
        await db.SaveChangesAsync(Cancellation);

        Assert.Equal(["billing", "other"], (await Lists["pipelines"](bench, Bo)).Value.Order());
        Assert.True((await bench.Get<ReadPipelines>().FindAsync("other", Bo, Cancellation)).IsOk);
        Assert.Equal(
            ErrorKind.Forbidden, (await bench.Get<ReadPipelines>().FindAsync("other", Ada, Cancellation)).Error!.Kind);
    }

    private static Result<string[]> Names<T>(Result<T> list, Func<T, IEnumerable<string>> names) =>
        list.TryGet(out var value, out var error) ? names(value).Distinct(StringComparer.Ordinal).ToArray() : error;

    private static string Team(string key) => key.Split('/')[^1];

    private static PipelineRun Pipeline(string id, string repository) => new()
    {
        Provider = "local", Id = id, Repository = repository, Number = 1, Branch = "main", Commit = new string('a', 40),
        CreatedAt = Noon,
    };

    public void Dispose() => templates.Dispose();

    private static string Template(string team) => $$"""
        apiVersion: scaffolder.backstage.io/v1beta3
        kind: Template
        metadata:
          name: {{team}}
          title: {{team}}
        spec:
          owner: {{team}}
          type: service
          steps:
            - id: say
              name: Say it
              action: debug:log
              input: { message: done }
        """;

    private static ReadDeliveries Deliveries(RunBench bench) =>
        new(bench.Database, bench.Get<Authorise>(), bench.Get<ISchedulerFactory>(), TimeProvider.System);

    private async Task<RunBench> OpenAsync()
    {
        var bench = await RunBench.CreateAsync(postgres, new BenchSetup
        {
            Time = new FakeTimeProvider(Noon),
            Settings = new Dictionary<string, string?> { ["Portal:Templates:Sources:0"] = templates.Path },
        });
        await using var db = bench.Database.CreateDbContext();
        await db.Set<RoleGrant>().ExecuteDeleteAsync(Cancellation);
        string[] read =
        [
            Permissions.CatalogRead, Permissions.TemplateRead, Permissions.RunRead, Permissions.PipelineRead,
            Permissions.EnvironmentRead, Permissions.CostRead, Permissions.ActivityRead,
        ];
        db.AddRange(read.Select(p => new RolePermission { Role = "reader", Permission = p }));
        db.Add(new RoleGrant { Subject = "user:default/ada", Role = "reader", Scope = RoleGrant.Owned });
        db.Add(new RoleGrant { Subject = "group:default/billing", Role = "reader", Scope = RoleGrant.Owned });
        db.Add(new RoleGrant { Subject = "user:default/eve", Role = "reader", Scope = "group:default/orders" });
        await db.SaveChangesAsync(Cancellation);
        foreach (var team in new[] { "orders", "billing" }) Stock(db, team);
        await db.SaveChangesAsync(Cancellation);
        return bench;
    }

    /// <summary>One of each for the team; nothing of it is in an organisation with the team's name.</summary>
    private static void Stock(Portal.Core.Data.PortalDbContext db, string team)
    {
        var owner = $"group:default/{team}";
        var component = $"component:default/{team}";
        db.Add(new CatalogEntity
        {
            Key = component, Kind = "Component", Namespace = "default", Name = team, Description = "Sells things",
            Owner = owner, Descriptor = "{}", Location = "url:x",
            Provider = "local", Repository = $"shop/{team}", CreatedAt = Noon, UpdatedAt = Noon,
        });
        db.Add(new PortalEnvironment
        {
            Id = $"{team}-dev", Name = "dev", Component = component, Owner = owner, Type = "dev", Size = "small",
            Provider = "local", Repository = $"shop/{team}",
            CreatedBy = "user:default/ada", RunId = Guid.CreateVersion7(), PricePerHour = 1m, Currency = "EUR",
            CreatedAt = Noon,
        });
        var run = new Run
        {
            Title = team, Template = team, Spec = "{}", Values = "{}", CreatedBy = "user:default/max", Owner = owner,
            CreatedAt = Noon
        };
        run.Take(Guid.NewGuid(), Noon);
        run.WaitFor(new RunWait("k", "s", WaitKind.Approval, "May it?", ["orders", "Group:billing"], null, null));
        db.Add(run);
        db.Add(Pipeline(team, $"shop/{team}"));
        db.Add(new FoundRepository
        {
            Provider = "local", Repository = $"shop/{team}", WebUrl = "", DefaultBranch = "main", SeenAt = Noon,
            DescriptorPath = "catalog-info.yaml"
        });
        db.Add(new FoundRepository
        {
            Provider = "local", Repository = $"shop/{team}-new", WebUrl = "", DefaultBranch = "main", SeenAt = Noon,
            ProposedOwner = team, ProposedOwnerIsTeam = true,
        });
        db.Add(new AuditEvent
        {
            At = Noon, Actor = "user:default/max", Action = "x", Subject = team, Owner = owner, Summary = team,
            Canonical = team, Hash = team
        });
        db.Add(new UsageInterval
        {
            EnvironmentId = $"{team}-dev", Component = component, Owner = owner, Size = "small", PricePerHour = 1m,
            Currency = "EUR", From = Noon.AddHours(-2),
        });
        db.Add(new BilledDay
        {
            Provider = "azure", Day = new DateOnly(2026, 11, 20), Scope = team, Service = "s", Currency = "EUR",
            Amount = 1m, Component = component, Owner = owner, ReadAt = Noon,
        });
    }
}
