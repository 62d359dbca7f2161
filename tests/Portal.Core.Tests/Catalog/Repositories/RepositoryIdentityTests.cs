using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Catalog.Discovery;
using Portal.Core.Delivery;
using Portal.Core.Entities;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Catalog.Repositories;

/// <summary>A repository is a row: names come and go, and what is of it stays with it.</summary>
public sealed class RepositoryIdentityTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Renamed_RowChanges_AndNothingThatIsStoredOfItIsRewritten()
    {
        await using var forge = await Forge.OpenAsync(postgres);
        await forge.RunAsync("shop/orders", "1", "r1");
        var before = await forge.RowAsync("1");
        await using (var db = forge.Bench.Database.CreateDbContext())
        {
            Assert.Contains("shop/orders", (await db.Set<PipelineRun>().SingleAsync(Cancellation)).Data,
                StringComparison.Ordinal);
        }

        await forge.RenamedAsync("shop/orders", "store/sales", "1");

        var row = await forge.RowAsync("1");
        Assert.Equal((before.Id, "store/sales"), (row.Id, row.Name));
        await using var after = forge.Bench.Database.CreateDbContext();
        var run = await after.Set<PipelineRun>().SingleAsync(Cancellation);
        Assert.Equal((row.Id, "store/sales", "store/sales"),
            (run.RepositoryId!.Value, run.Repository, run.Info.Repository.ToString()));
        Assert.Contains("shop/orders", run.Data, StringComparison.Ordinal);
        var entity = await after.Set<CatalogEntity>().SingleAsync(e => e.Name == "orders", Cancellation);
        Assert.Equal((row.Id, "store/sales"), (entity.RepositoryId!.Value, entity.Repository));
        var environment = await after.Set<PortalEnvironment>().SingleAsync(Cancellation);
        Assert.Equal((row.Id, "store/sales"), (environment.RepositoryId!.Value, environment.Repository));
        Assert.Equal("group:default/orders", (await after.OwnerAsync(run, Cancellation)).ToString());
    }

    [Fact]
    public async Task Renamed_RunsThatTheHostTellsOfAgainUnderAnotherId_AreTheSame()
    {
        await using var forge = await Forge.OpenAsync(postgres);
        await forge.RunAsync("shop/orders", "1", "shop/orders/7");

        await forge.RenamedAsync("shop/orders", "store/sales", "1");
        await forge.RunAsync("store/sales", "1", "store/sales/7");
        await forge.RunAsync("store/sales", "1", "store/sales/7");

        await using var db = forge.Bench.Database.CreateDbContext();
        Assert.Equal("shop/orders/7", (await db.Set<PipelineRun>().SingleAsync(Cancellation)).Id);
    }

    [Fact]
    public async Task Deleted_AndAnotherMadeUnderTheName_InheritsNothing()
    {
        await using var forge = await Forge.OpenAsync(postgres);
        await forge.RunAsync("shop/orders", "1", "old");

        await forge.ChangedAsync(RepositoryChangeKind.Deleted, "shop/orders", "1");
        await forge.ChangedAsync(RepositoryChangeKind.Created, "shop/orders", "2");
        await forge.RunAsync("shop/orders", "2", "new");

        await ShowsTwoAsync(forge);
    }

    [Fact]
    public async Task Deleted_WhereTheNewsOfItComesAfterThatOfTheOther_LosesTheRightOne()
    {
        await using var forge = await Forge.OpenAsync(postgres);
        await forge.RunAsync("shop/orders", "1", "old");

        await forge.ChangedAsync(RepositoryChangeKind.Created, "shop/orders", "2");
        await forge.ChangedAsync(RepositoryChangeKind.Deleted, "shop/orders", "1");
        await forge.RunAsync("shop/orders", "2", "new");

        await ShowsTwoAsync(forge);
    }

    [Fact]
    public async Task Deleted_WithoutAnyWordOfIt_IsFoundOutWhenTheHostShowsAnother()
    {
        await using var forge = await Forge.OpenAsync(postgres);
        await forge.RunAsync("shop/orders", "1", "old");

        await forge.DiscoveredAsync("shop/orders", "2", descriptor: null);
        await forge.RunAsync("shop/orders", "2", "new");

        await ShowsTwoAsync(forge);
    }

    [Fact]
    public async Task Deleted_RunThatIsToldLate_BelongsToTheOneThatIsGone()
    {
        await using var forge = await Forge.OpenAsync(postgres);
        await forge.ChangedAsync(RepositoryChangeKind.Deleted, "shop/orders", "1");
        await forge.ChangedAsync(RepositoryChangeKind.Created, "shop/orders", "2");
        await forge.RunAsync("shop/orders", "2", "new");
        await forge.RunAsync("shop/orders", "1", "old");

        await ShowsTwoAsync(forge);
    }

    [Fact]
    public async Task Deleted_AtAHostWithoutIds_IsNotTheOneThatIsMadeLater()
    {
        await using var forge = await Forge.OpenAsync(postgres, id: null);
        await forge.RunAsync("shop/orders", null, "old");

        await forge.ChangedAsync(RepositoryChangeKind.Deleted, "shop/orders", null);
        await forge.ChangedAsync(RepositoryChangeKind.Created, "shop/orders", null);
        await forge.RunAsync("shop/orders", null, "new");

        await ShowsTwoAsync(forge);
    }

    /// <summary>
    /// The entity, its environment and the old run are of the first; the new run is of the second, and of the team of
    /// its organisation.
    /// </summary>
    private static async Task ShowsTwoAsync(Forge forge)
    {
        await using var db = forge.Bench.Database.CreateDbContext();
        var runs = await db.Set<PipelineRun>().ToDictionaryAsync(r => r.Id, Cancellation);
        var environment = await db.Set<PortalEnvironment>().SingleAsync(Cancellation);
        var entity = await db.Set<CatalogEntity>().SingleAsync(e => e.Name == "orders", Cancellation);
        Assert.Equal(runs["old"].RepositoryId, environment.RepositoryId);
        Assert.Equal(runs["old"].RepositoryId, entity.RepositoryId);
        Assert.NotEqual(runs["old"].RepositoryId, runs["new"].RepositoryId);
        Assert.NotNull(entity.RepositoryGoneAt);
        Assert.Equal("group:default/orders", (await db.OwnerAsync(runs["old"], Cancellation)).ToString());
        Assert.Equal("group:default/shop", (await db.OwnerAsync(runs["new"], Cancellation)).ToString());
        Assert.Equal(["new"], await forge.RunsOfAsync("shop/orders"));
        Assert.Null(await forge.Bench.Get<NewestVersion>().FindAsync(environment.RepositoryId!.Value, Cancellation));
    }

    [Fact]
    public async Task SameName_AtTwoHosts_NeverMeets()
    {
        await using var forge = await Forge.OpenAsync(postgres);
        await forge.RunAsync("shop/orders", "1", "here");
        await forge.RunAsync("shop/orders", "1", "there", provider: "smithy");

        await forge.RenamedAsync("shop/orders", "shop/sales", "1", provider: "smithy");
        await forge.ChangedAsync(RepositoryChangeKind.Deleted, "shop/sales", "1", provider: "smithy");

        await using var db = forge.Bench.Database.CreateDbContext();
        var runs = await db.Set<PipelineRun>().ToDictionaryAsync(r => r.Id, Cancellation);
        Assert.Equal(("shop/orders", "shop/sales"), (runs["here"].Repository, runs["there"].Repository));
        Assert.Equal("group:default/shop", (await db.OwnerAsync(runs["there"], Cancellation)).ToString());
        Assert.Null((await db.Set<CatalogEntity>()
            .SingleAsync(e => e.Name == "orders", Cancellation)).RepositoryGoneAt);
        var subjects = await db.Set<AuditEvent>().Where(e => e.Action == "repository.deleted").Select(e => e.Subject)
            .ToListAsync(Cancellation);
        Assert.Equal(["repository:smithy/shop/sales"], subjects);
    }

    [Fact]
    public async Task Name_InOtherLetters_IsTheSameAndBecomesTheHosts()
    {
        await using var forge = await Forge.OpenAsync(postgres);

        await forge.DiscoveredAsync("Shop/Orders", "1", descriptor: null);
        await forge.RunAsync("SHOP/orders", null, "r1");

        var row = Assert.Single(await forge.RowsAsync());
        Assert.Equal("Shop/Orders", row.Name);
        await using var db = forge.Bench.Database.CreateDbContext();
        Assert.Equal("Shop/Orders", (await db.Set<PipelineRun>().SingleAsync(Cancellation)).Repository);
    }

    [Fact]
    public async Task Renamed_OntoTheNameOfAnother_TakesItFromThatOne()
    {
        await using var forge = await Forge.OpenAsync(postgres);
        await forge.DiscoveredAsync("shop/bills", "2", descriptor: null);

        await forge.RenamedAsync("shop/bills", "shop/orders", "2");

        var rows = await forge.RowsAsync();
        Assert.Equal("2", Assert.Single(rows, r => r.GoneAt is null).HostId);
        Assert.Equal("group:default/shop", await forge.OwnerAsync("shop/orders"));
        // The other is somewhere else, as turns out.
        await forge.DiscoveredAsync("shop/old-orders", "1", descriptor: null);
        Assert.Equal("group:default/orders", await forge.OwnerAsync("shop/old-orders"));
    }

    public static TheoryData<string> Orders() => ["012", "021", "102", "120", "201", "210"];

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Renamed_TwoThatExchangeTheirNames_InWhicheverOrderItIsTold(string order)
    {
        await using var forge = await Forge.OpenAsync(postgres);
        await forge.DiscoveredAsync("shop/bills", "2", descriptor: null);
        var at = DateTimeOffset.UtcNow.AddMinutes(1);
        Func<Task>[] told =
        [
            () => forge.RenamedAsync("shop/orders", "shop/aside", "1", at),
            () => forge.RenamedAsync("shop/bills", "shop/orders", "2", at.AddSeconds(1)),
            () => forge.RenamedAsync("shop/aside", "shop/bills", "1", at.AddSeconds(2)),
        ];

        foreach (var i in order) await told[i - '0']();

        var rows = await forge.RowsAsync();
        Assert.All(rows, r => Assert.Null(r.GoneAt));
        Assert.Equal([("1", "shop/bills"), ("2", "shop/orders")], rows.Select(r => (r.HostId, r.Name)).Order());
        Assert.Equal(("group:default/shop", "group:default/orders"),
            (await forge.OwnerAsync("shop/orders"), await forge.OwnerAsync("shop/bills")));
    }

    [Fact]
    public async Task Renamed_AndBack_IsTheSameAgain()
    {
        await using var forge = await Forge.OpenAsync(postgres, id: null);

        await forge.RenamedAsync("shop/orders", "shop/sales", null);
        await forge.RenamedAsync("shop/sales", "shop/orders", null);

        Assert.Equal("shop/orders", Assert.Single(await forge.RowsAsync()).Name);
        Assert.Equal("group:default/orders", await forge.OwnerAsync("shop/orders"));
    }

    [Fact]
    public async Task Renamed_WithoutAnyWordOfIt_IsFoundOutByTheHostsId()
    {
        await using var forge = await Forge.OpenAsync(postgres);
        var before = await forge.RowAsync("1");

        await forge.DiscoveredAsync("store/sales", "1", Forge.Text);

        Assert.Equal(before.Id, Assert.Single(await forge.RowsAsync()).Id);
        await using var db = forge.Bench.Database.CreateDbContext();
        var entity = await db.Set<CatalogEntity>().SingleAsync(e => e.Name == "orders", Cancellation);
        Assert.Equal(("store/sales", "url:https://forge.example/store/sales/catalog-info.yaml"),
            (entity.Repository, entity.Location));
        var told = await db.Set<AuditEvent>().SingleAsync(e => e.Action == "repository.renamed", Cancellation);
        Assert.Equal(("Renamed repository shop/orders to store/sales", "component:default/orders"),
            (told.Summary, told.Subject));
    }

    [Fact]
    public async Task Renamed_OldNameWithoutAnId_StillMeansIt_UntilAnotherHasIt()
    {
        await using var forge = await Forge.OpenAsync(postgres);
        await forge.RenamedAsync("shop/orders", "store/sales", "1");

        await forge.RunAsync("shop/orders", null, "late");
        Assert.Equal("group:default/orders", await forge.OwnerAsync("shop/orders"));

        await forge.ChangedAsync(RepositoryChangeKind.Created, "shop/orders", "2");
        Assert.Equal("group:default/shop", await forge.OwnerAsync("shop/orders"));
        Assert.Equal(["late"], await forge.RunsOfAsync("store/sales"));
    }

    [Fact]
    public async Task UnknownId_UnderANameThatAnotherHas_ChangesNothingOfThatOne()
    {
        await using var forge = await Forge.OpenAsync(postgres);

        await forge.RunAsync("shop/orders", "2", "whose");

        Assert.Equal("group:default/orders", await forge.OwnerAsync("shop/orders"));
        Assert.Empty(await forge.RunsOfAsync("shop/orders"));
        await forge.DiscoveredAsync("shop/orders", "2", descriptor: null);
        Assert.Equal(["whose"], await forge.RunsOfAsync("shop/orders"));
        Assert.Equal("group:default/shop", await forge.OwnerAsync("shop/orders"));
    }

    [Fact]
    public async Task Unreadable_LeavesWhatIsKnownOfIt()
    {
        await using var forge = await Forge.OpenAsync(postgres);
        var before = await forge.RowAsync("1");
        forge.Source.Repositories["shop/orders"] = forge.Source.Repositories["shop/orders"] with
        {
            DefaultBranch = "", HeadCommit = null, HostId = null, Problem = "It is spoilt.",
        };

        await forge.Bench.Get<DiscoverRepositories>().ReadAsync(
            "forge", RepositoryName.Parse("shop/orders"), Cancellation);

        var after = await forge.RowAsync("1");
        Assert.Equal((before.Id, "main", "1"), (after.Id, after.DefaultBranch, after.HostId));
        Assert.Single(await forge.RowsAsync());
    }

    [Fact]
    public async Task Deleted_ButThereAgainByItsId_KeepsWhatCameByNameMeanwhile()
    {
        await using var forge = await Forge.OpenAsync(postgres);
        await forge.ChangedAsync(RepositoryChangeKind.Deleted, "shop/orders", "1");
        await forge.RunAsync("shop/orders", null, "meanwhile");

        await forge.DiscoveredAsync("shop/orders", "1", Forge.Text);

        Assert.Single(await forge.RowsAsync());
        Assert.Equal(["meanwhile"], await forge.RunsOfAsync("shop/orders"));
        await using var db = forge.Bench.Database.CreateDbContext();
        Assert.Null((await db.Set<CatalogEntity>()
            .SingleAsync(e => e.Name == "orders", Cancellation)).RepositoryGoneAt);
    }
}
