using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Catalog.Discovery;
using Portal.Core.Delivery;
using Portal.Core.Entities;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;
using Portal.Web.Home;
using Portal.Web.Tests.Pages;

namespace Portal.Web.Tests.Home;

/// <summary>What a person finds on the first page.</summary>
public sealed class ReadHomeTests : PageTest
{
    private static readonly Actor Ada = new(EntityRef.User("ada"), "Ada", [EntityRef.Group("orders")]);
    private static readonly Actor Stranger = new(EntityRef.User("zoe"), "Zoe", []);

    public ReadHomeTests(PostgresFixture postgres)
        : base(postgres) => Services.AddScoped<ReadHome>();

    [Fact]
    public async Task Home_OfATeam_HasItsServicesAndEnvironmentsAndNobodyElses()
    {
        await AddAsync(OrdersService.Environment("dev", "local", Now), Entity("other", "group:default/other"));

        var (mine, theirs) = (await ReadAsync(Ada), await ReadAsync(Stranger));

        Assert.Equal(["orders"], mine.Services.Select(s => s.Name));
        Assert.Equal(["dev"], mine.Environments.Select(e => e.Name));
        Assert.Empty(theirs.Services);
        Assert.Empty(theirs.Environments);
    }

    [Fact]
    public async Task Home_PipelineOfABranch_IsNotTheServicesState()
    {
        await SeenAsync();
        var first = (await ReadAsync(Ada)).Pipelines.Single();
        await HeardAsync("branch", "feature", PipelineStatus.Failed, hours: 1);
        Assert.Equal(first.Id, (await ReadAsync(Ada)).Pipelines.Single().Id);

        await HeardAsync("merged", first.Branch, PipelineStatus.Failed, hours: 2);

        Assert.Equal(("merged", PipelineStatus.Failed),
            (await ReadAsync(Ada)).Pipelines.Select(p => (p.Id, p.Status)).Single());
    }

    /// <summary>Two hosts may have repositories of one name.</summary>
    [Fact]
    public async Task Home_PipelineOfTheSameNameAtAnotherHost_IsNotTheServices()
    {
        await SeenAsync();
        var first = (await ReadAsync(Ada)).Pipelines.Single();

        await HeardAsync("theirs", first.Branch, PipelineStatus.Failed, hours: 3, provider: "elsewhere");

        Assert.Equal(first.Id, (await ReadAsync(Ada)).Pipelines.Single().Id);
    }

    [Fact]
    public async Task Home_RunsThatFailedLongAgo_AreLeftOut()
    {
        await AddAsync(Failed("new", Now.AddDays(-1)), Failed("old", Now.AddDays(-4)));

        Assert.Equal(["new"], (await ReadAsync(Ada)).Runs.Select(r => r.Title));
    }

    [Fact]
    public async Task Home_RejectedDescriptor_NeedsCareOfItsOwnersAlone()
    {
        await RejectedAsync("orders/orders", "metadata: name is missing.", known: true);
        await RejectedAsync("orders/tools", "It is no YAML.", known: false);
        await RejectedAsync("other/theirs", "It is no YAML.", known: false);

        var (mine, theirs) = (await CareAsync(Ada), await CareAsync(Stranger));

        Assert.Equal(
            [
                ("Descriptor rejected", "orders: metadata: name is missing.", "/catalog/component/default/orders"),
                ("Not in the catalog", "orders/tools: It is no YAML.", "/catalog/discovery?show=problems"),
            ],
            mine.Select(c => (c.Status.Word, c.Text, c.Url)));
        Assert.Empty(theirs);
    }

    [Fact]
    public async Task Home_MoreThanItLists_CountsAllOfThem()
    {
        await AddAsync([.. Enumerable.Range(0, 151).Select(i => Entity($"service-{i}", "group:default/orders"))]);
        await AddAsync(
            [.. Enumerable.Range(0, 203).Select(i => OrdersService.Environment($"dev-{i}", "local", Now))]);

        var view = await ReadAsync(Ada);

        Assert.Equal((152, 203), (view.ServicesTotal, view.EnvironmentsTotal));
    }

    [Fact]
    public async Task Home_OfNobody_IsEmpty()
    {
        await AddAsync(OrdersService.Environment("dev", "local", Now), Failed("new", Now.AddDays(-1)));

        var view = await ReadAsync(Actor.Nobody);

        Assert.True(view.IsEmpty);
        Assert.Empty(view.Services);
        Assert.Empty(view.Pipelines);
        Assert.Empty(view.Activity);
        Assert.Empty(view.Costs);
    }

    private async Task RejectedAsync(string repository, string why, bool known)
    {
        await using var db = Db();
        var id = known ? await db.Set<CatalogEntity>().Where(e => e.Repository == repository)
            .Select(e => e.RepositoryId).SingleAsync() : null;
        if (id is null)
        {
            var row = new RepositoryRow { Provider = Host.Instance, Name = repository, FirstSeenAt = Now };
            await AddAsync(row);
            id = row.Id;
        }
        await AddAsync(new FoundRepository
        {
            Provider = Host.Instance, Repository = repository, RepositoryId = id, SeenAt = Now,
            WebUrl = $"http://host/{repository}", DefaultBranch = "main", Problem = why,
        });
    }

    private async Task<IReadOnlyList<CareItem>> CareAsync(Actor who) => CareItem.Of(
        await ReadAsync(who), Now, key => EntityRef.Parse(key).Name);

    /// <summary>The host tells what its default branch is.</summary>
    private Task SeenAsync() =>
        Services.GetRequiredService<NewestVersion>()
            .FindAsync(Host.Instance, OrdersService.Repository, CancellationToken.None);

    private Task<HomeView> ReadAsync(Actor who) =>
        Services.GetRequiredService<ReadHome>().ReadAsync(who, who.Keys, CancellationToken.None);

    private async Task HeardAsync(string id, string branch, PipelineStatus status, int hours, string? provider = null)
    {
        await using var db = Db();
        var run = await db.Set<PipelineRun>().OrderBy(r => r.CreatedAt).FirstAsync();
        var at = run.CreatedAt.AddHours(hours);
        await Services.GetRequiredService<IProviderEvents>().PipelineRunChangedAsync(
            provider ?? run.Provider,
            run.Info with { Id = id, Number = 50 + hours, Branch = branch, Status = status, CreatedAt = at,
                FinishedAt = at },
            CancellationToken.None);
    }

    private static Run Failed(string title, DateTimeOffset at)
    {
        var run = new Run
        {
            Title = title, Spec = "{}", Values = "{}", CreatedBy = Ada.Ref.ToString(), Owner = "group:default/orders",
            CreatedAt = at,
        };
        run.Take(Guid.NewGuid(), at);
        run.Fail("It broke.", at);
        return run;
    }

    private static CatalogEntity Entity(string name, string owner) => new()
    {
        Key = $"component:default/{name}", Kind = "Component", Namespace = "default", Name = name, Owner = owner,
        Descriptor = "{}", Location = "url:x",
        CreatedAt = Now, UpdatedAt = Now,
    };
}
