using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Access;
using Portal.Core.Catalog;
using Portal.Core.Catalog.Actions;
using Portal.Core.Catalog.Discovery;
using Portal.Core.Entities;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Catalog.Discovery;

public sealed class DiscoverRepositoriesTests(PostgresFixture postgres)
{
    private readonly FakeCatalogSource source = new();
    private readonly FakeHost host = new("forge");
    private readonly FakeTimeProvider time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Execute_RepositoriesWithAndWithoutDescriptor_RegistersAndTellsWhoMayOwnTheRest()
    {
        await using var bench = await BenchAsync();
        source.Put("shop/orders", Component("orders"));
        source.Put(
            "shop/tools", null,
            owner: new ProposedOwner("checkout", true, "CODEOWNERS names @shop/checkout for everything"));

        await DiscoverAsync(bench);

        var entity = await EntityAsync(bench, "component:default/orders");
        Assert.Equal(
            ("forge", "shop/orders", "url:https://forge.example/shop/orders/catalog-info.yaml"),
            (entity!.Provider, entity.Repository, entity.Location));
        Assert.Null((await FoundAsync(bench, "shop/orders"))!.Problem);
        var tools = await FoundAsync(bench, "shop/tools");
        Assert.Equal(
            (null, null, "checkout", true),
            (tools!.DescriptorPath, tools.Problem, tools.ProposedOwner, tools.ProposedOwnerIsTeam));
    }

    [Fact]
    public async Task Execute_DescriptorThatIsWrongAfterAPush_IsToldAtTheEntryUntilItIsMended()
    {
        await using var bench = await BenchAsync();
        source.Put("shop/orders", Component("orders"));
        await DiscoverAsync(bench);
        Assert.Null(await RejectedAsync());

        source.Put("shop/orders", "kind: Component\nmetadata: {}", commit: "2");
        await DiscoverAsync(bench);
        Assert.NotNull(await RejectedAsync());

        source.Put("shop/orders", Component("orders", "changed"), commit: "3");
        await DiscoverAsync(bench);
        Assert.Null(await RejectedAsync());

        async Task<string?> RejectedAsync() => (await bench.Get<ReadCatalog>().FindAsync(
            EntityRef.Component("orders"), OrdersService.Pat, Cancellation)).Value.Rejected;
    }

    /// <summary>
    /// A push and the look through everything at one repository: whose descriptor was taken last nobody knows, so the
    /// next look reads it.
    /// </summary>
    [Fact]
    public async Task Execute_AfterTwoLooksMet_ReadsTheDescriptorAgain()
    {
        await using var bench = await BenchAsync();
        source.Put("shop/orders", Component("orders"));
        await DiscoverAsync(bench);
        var seen = await ((ICatalogSource)source).ReadAsync(RepositoryName.Parse("shop/orders"), Cancellation);

        var repository = (await FoundAsync(bench, "shop/orders"))!.RepositoryId!.Value;
        await bench.Get<FoundRepositories>().KeepAsync(
            new RepositorySighting("forge", repository, seen!, Before: null, time.GetUtcNow()), row =>
                row.See(seen!, time.GetUtcNow()), Cancellation);
        source.Put("shop/orders", Component("orders", "changed"));
        await DiscoverAsync(bench);

        Assert.Equal("changed", (await EntityAsync(bench, "component:default/orders"))!.Type);
    }

    [Fact]
    public async Task Execute_SameCommitAgain_LeavesTheDescriptorAlone()
    {
        await using var bench = await BenchAsync();
        source.Put("shop/orders", Component("orders"));
        await DiscoverAsync(bench);

        source.Put("shop/orders", Component("orders", "changed"));
        await DiscoverAsync(bench);
        Assert.Equal("service", (await EntityAsync(bench, "component:default/orders"))!.Type);

        source.Put("shop/orders", Component("orders", "changed"), "2");
        await DiscoverAsync(bench);
        Assert.Equal("changed", (await EntityAsync(bench, "component:default/orders"))!.Type);
    }

    [Fact]
    public async Task Execute_RepositoryThatARunIsMaking_IsLeftToTheRunUntilItIsOver()
    {
        await using var bench = await BenchAsync();
        var run = await bench.StartAsync("one");
        await using (var db = bench.Database.CreateDbContext())
        {
            var arguments = new RepositoryCreateArgs(
                "forge", new RepositoryName("shop", "orders"), "group:default/orders", "", "main", "Create it", "Ada",
                "hash");
            db.Add(new JournalEntry
            {
                RunId = run, StepId = "publish", Iteration = 0, Name = "repository", Order = 1,
                Kind = RepositoryCreateEffect.Name, Version = 1, Provider = "forge",
                Arguments = JsonSerializer.Serialize(arguments, Json.Options),
                Summary = "Create repository shop/orders", Deadline = time.GetUtcNow(), At = time.GetUtcNow(),
            });
            await db.SaveChangesAsync(Cancellation);
        }
        source.Put("shop/orders", Component("orders"));
        await DiscoverAsync(bench);
        Assert.Null(await EntityAsync(bench, "component:default/orders"));

        await using (var db = bench.Database.CreateDbContext())
        {
            await db.Set<Run>().Where(r => r.Id == run).ExecuteUpdateAsync(
                s => s.SetProperty(r => r.Status, RunStatus.Failed), Cancellation);
        }
        await DiscoverAsync(bench);
        Assert.NotNull(await EntityAsync(bench, "component:default/orders"));

        await using (var db = bench.Database.CreateDbContext())
        {
            await db.Set<Run>().Where(r => r.Id == run).ExecuteUpdateAsync(
                s => s.SetProperty(r => r.Status, RunStatus.Undoing), Cancellation);
        }
        source.Put("shop/orders", Component("orders", "changed"), "2");
        time.Advance(TimeSpan.FromMinutes(1));
        await DiscoverAsync(bench);
        Assert.Equal("service", (await EntityAsync(bench, "component:default/orders"))!.Type);
        // It was seen: nobody takes it for one that is gone.
        Assert.Null((await FoundAsync(bench, "shop/orders"))!.Problem);
    }

    [Theory]
    [InlineData("kind: Component", "catalog-info.yaml, line 1: apiVersion")]
    [InlineData(
        "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: { name: evil }\nspec: { parent: platform, members: [mallory] }",
        "only Component")]
    [InlineData(
        "apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: { name: mallory }\nspec: { memberOf: [platform] }",
        "only Component")]
    [InlineData(
        "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: { name: a }\nspec: { type: openapi, definition: { $text: ./openapi.yaml } }",
        "there is no such file")]
    [InlineData(
        "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: { name: a }\nspec: { type: openapi, definition: { $text: ../../etc/passwd } }",
        "there is no such file")]
    public async Task Execute_DescriptorThatCannotBeTaken_IsAProblemInWordsAndNobodyElses(
        string descriptor, string problem)
    {
        await using var bench = await BenchAsync();
        source.Put("shop/bad", descriptor);
        source.Put("shop/good", Component("good"));

        await DiscoverAsync(bench);

        Assert.Contains(problem, (await FoundAsync(bench, "shop/bad"))!.Problem, StringComparison.Ordinal);
        Assert.NotNull(await EntityAsync(bench, "component:default/good"));
    }

    [Fact]
    public async Task Execute_ComponentThatSaysWhoItsMembersAre_GivesNobodyAGroup()
    {
        await using var bench = await BenchAsync();
        source.Put(
            "shop/evil",
            "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: evil }\nspec: { type: service, owner: orders, members: [mallory], parent: platform }");

        await DiscoverAsync(bench);

        Assert.NotNull(await EntityAsync(bench, "component:default/evil"));
        Assert.Empty((await bench.Get<People>().ActorAsync(EntityRef.User("mallory"), Cancellation)).Groups);
    }

    [Fact]
    public async Task Execute_NameOfAnotherRepository_IsAProblemUntilItIsFree()
    {
        await using var bench = await BenchAsync();
        source.Put("shop/one", Component("orders"));
        source.Put("shop/two", Component("orders"));
        await DiscoverAsync(bench);
        Assert.Contains(
            "in the catalog already", (await FoundAsync(bench, "shop/two"))!.Problem, StringComparison.Ordinal);

        await bench.Get<ICatalogWriter>().UnregisterAsync(
            "url:https://forge.example/shop/one/catalog-info.yaml", Actor.System, Cancellation);
        source.Repositories.Remove("shop/one");
        await DiscoverAsync(bench);

        Assert.Null((await FoundAsync(bench, "shop/two"))!.Problem);
    }

    [Fact]
    public async Task Execute_DescriptorThatVanished_IsReportedAndItsEntitiesStay()
    {
        await using var bench = await BenchAsync();
        source.Put("shop/orders", Component("orders"));
        await DiscoverAsync(bench);

        source.Put("shop/orders", null, "2");
        await DiscoverAsync(bench);
        await DiscoverAsync(bench);

        Assert.Contains(
            "component:default/orders", (await FoundAsync(bench, "shop/orders"))!.Problem, StringComparison.Ordinal);
        Assert.NotNull(await EntityAsync(bench, "component:default/orders"));
    }

    [Fact]
    public async Task Execute_EntityThatVanishedFromItsFile_IsReportedAndStays()
    {
        await using var bench = await BenchAsync();
        source.Put("shop/orders", $"{Component("orders")}\n---\n{Component("worker")}");
        await DiscoverAsync(bench);

        source.Put("shop/orders", Component("orders"), "2");
        await DiscoverAsync(bench);

        Assert.Contains(
            "component:default/worker", (await FoundAsync(bench, "shop/orders"))!.Problem, StringComparison.Ordinal);
        Assert.NotNull(await EntityAsync(bench, "component:default/worker"));
    }

    [Fact]
    public async Task Execute_RepositoryThatIsGone_IsForgottenUnlessTheCatalogHasSomethingOfIt()
    {
        await using var bench = await BenchAsync();
        source.Put("shop/orders", Component("orders"));
        source.Put("shop/tools", null);
        await DiscoverAsync(bench);
        source.Repositories.Clear();

        source.Failure = ProviderException.Unavailable("down", "Not now.");
        await DiscoverAsync(bench);
        Assert.NotNull(await FoundAsync(bench, "shop/tools"));

        source.Failure = null;
        await DiscoverAsync(bench);

        Assert.Null(await FoundAsync(bench, "shop/tools"));
        Assert.Contains(
            "does not show it any more", (await FoundAsync(bench, "shop/orders"))!.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_RegisteredByARunBefore_KeepsItsLocationAndTemplate()
    {
        await using var bench = await BenchAsync();
        var before = new RegisterDescriptor(
            Component("orders"), "url:http://forge/git/shop/orders.git/catalog-info.yaml", "forge", "shop/orders",
            Guid.CreateVersion7());
        await bench.Get<ICatalogWriter>().RegisterAsync(before, RunBench.Ada, Cancellation);
        source.Put("shop/orders", Component("orders", "changed"));

        await DiscoverAsync(bench);

        var entity = await EntityAsync(bench, "component:default/orders");
        Assert.Equal((before.Location, "changed", before.RunId), (entity!.Location, entity.Type, entity.RunId));
    }

    [Fact]
    public async Task Execute_RepositoryThatARunIsMaking_IsLeftToTheRun()
    {
        await using var bench = await BenchAsync();
        var run = await bench.StartAsync("one");
        await host.CreateAsync(
            new CreateRepository(
                new RepositoryName("shop", "orders"), "", "main", FileTree.Empty, "First",
                new CommitAuthor("Ada", "ada@example", DateTimeOffset.UnixEpoch), run.ToString(),
                "group:default/orders"),
            Cancellation);
        source.Put("shop/orders", Component("orders"));
        await DiscoverAsync(bench);
        Assert.Null(await EntityAsync(bench, "component:default/orders"));

        await using (var db = bench.Database.CreateDbContext())
        {
            await db.Set<Run>().Where(r => r.Id == run).ExecuteUpdateAsync(
                s => s.SetProperty(r => r.Status, RunStatus.Completed), Cancellation);
        }
        await DiscoverAsync(bench);

        Assert.NotNull(await EntityAsync(bench, "component:default/orders"));
        Assert.Null((await FoundAsync(bench, "shop/orders"))!.Problem);
    }

    [Fact]
    public async Task Read_OneRepository_TakesItsDescriptorAndNoOthers()
    {
        await using var bench = await BenchAsync();
        source.Put("shop/orders", Component("orders"));
        source.Put("shop/tools", Component("tools"));

        await bench.Get<DiscoverRepositories>().ReadAsync("forge", new RepositoryName("shop", "orders"), Cancellation);
        await bench.Get<DiscoverRepositories>().ReadAsync("forge", new RepositoryName("shop", "missing"), Cancellation);
        await bench.Get<DiscoverRepositories>().ReadAsync(
            "elsewhere", new RepositoryName("shop", "tools"), Cancellation);

        Assert.NotNull(await EntityAsync(bench, "component:default/orders"));
        Assert.Null(await EntityAsync(bench, "component:default/tools"));
    }

    [Theory]
    [InlineData("main", "2", "catalog-info.yaml", true)]
    [InlineData("main", "2", "docs/openapi.yaml", true)]
    [InlineData("main", "2", "README.md", false)]
    [InlineData("main", "2", null, true)]
    [InlineData("feature", "2", "catalog-info.yaml", false)]
    [InlineData("main", null, "catalog-info.yaml", false)]
    public async Task Concerns_Push_OnlyWhenTheDescriptorMayHaveChanged(
        string branch, string? after, string? path, bool expected)
    {
        await using var bench = await BenchAsync();
        await host.CreateAsync(
            new CreateRepository(new RepositoryName("shop", "orders"), "", "main", new FileTree(
                [new TreeFile("docs/openapi.yaml", "a: b"u8.ToArray())]), "First",
                new CommitAuthor("Ada", "ada@example", DateTimeOffset.UnixEpoch), "mark",
                "group:default/orders"), Cancellation);
        source.Put(
            "shop/orders",
            "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: { name: a }\nspec: { type: openapi, lifecycle: production, owner: orders, definition: { $text: ./docs/openapi.yaml } }");
        await DiscoverAsync(bench);
        Assert.Null((await FoundAsync(bench, "shop/orders"))!.Problem);
        var push = new RepositoryPush(
            new RepositoryName("shop", "orders"), branch, "1", after, null, path is null ? null : [path]);

        await using var db = bench.Database.CreateDbContext();
        var repository = (await db.RepositoryAsync("forge", "shop/orders", Cancellation))!.Value;
        Assert.Equal(expected, await WakeDiscovery.ConcernsAsync(db, repository, push, Cancellation));
    }

    private static string Component(string name, string type = "service") =>
        $"apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{ name: {name} }}\nspec: {{ type: {type}, lifecycle: production, owner: orders }}";

    private Task<RunBench> BenchAsync() => RunBench.CreateAsync(
        postgres,
        new BenchSetup { Time = time, More = s => s.AddSingleton<IProvider>(source).AddSingleton<IProvider>(host) });

    private async Task DiscoverAsync(RunBench bench)
    {
        time.Advance(TimeSpan.FromMinutes(15));
        await bench.Get<DiscoverRepositories>().ExecuteAsync(Cancellation);
    }

    private static async Task<CatalogEntity?> EntityAsync(RunBench bench, string key)
    {
        await using var db = bench.Database.CreateDbContext();
        return await db.Set<CatalogEntity>().AsNoTracking().SingleOrDefaultAsync(e => e.Key == key, Cancellation);
    }

    private static async Task<FoundRepository?> FoundAsync(RunBench bench, string name)
    {
        await using var db = bench.Database.CreateDbContext();
        return await db.Set<FoundRepository>().AsNoTracking().SingleOrDefaultAsync(
            r => r.Provider == "forge" && r.Repository == name, Cancellation);
    }
}
