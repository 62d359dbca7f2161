using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Audit;
using Portal.Core.Catalog;
using Portal.Core.Catalog.Discovery;
using Portal.Core.Catalog.Repositories;
using Portal.Core.Delivery;
using Portal.Core.Entities;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Inbound;

/// <summary>What providers tell, once or several times.</summary>
public sealed class ProviderEventsTests(PostgresFixture postgres)
{
    private const string Text =
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: orders }\nspec: { type: service, lifecycle: production, owner: orders }";

    private static readonly RepositoryName Before = new("shop", "order");
    private static readonly RepositoryName After = new("store", "orders");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RepositoryChanged_RenamedTwice_EverythingFollowsAndIsRecordedOnce()
    {
        await using var bench = await BenchAsync();
        await AddAsync(bench, new FoundRepository
        {
            Provider = "forge", Repository = "shop/order", WebUrl = "https://forge.example/shop/order",
            DefaultBranch = "main", SeenAt = DateTimeOffset.UtcNow
        });
        var change = new RepositoryChange(RepositoryChangeKind.Renamed, After, Before, "user:default/ada");

        await Events(bench).RepositoryChangedAsync("forge", change, Cancellation);
        await Events(bench).RepositoryChangedAsync("forge", change, Cancellation);

        await using var db = bench.Database.CreateDbContext();
        var entity = await db.Set<CatalogEntity>().SingleAsync(e => e.Provider == "forge", Cancellation);
        Assert.Equal("store/orders", entity.Repository);
        Assert.Equal("store/orders", (await db.Set<PortalEnvironment>().SingleAsync(Cancellation)).Repository);
        var run = await db.Set<PipelineRun>().SingleAsync(Cancellation);
        Assert.Equal(("store/orders", After), (run.Repository, run.Info.Repository));
        Assert.Equal("store/orders", (await db.Set<FoundRepository>().SingleAsync(Cancellation)).Repository);
        var told = await db.Set<AuditEvent>().SingleAsync(e => e.Action == "repository.renamed", Cancellation);
        Assert.Equal(
            ("user:default/ada", "component:default/orders", "Renamed repository shop/order to store/orders"),
            (told.Actor, told.Subject, told.Summary));
    }

    [Fact]
    public async Task RepositoryChanged_RenamedAfterDiscoverySawTheNewName_KeepsOneRowThatIsReadAgain()
    {
        await using var bench = await BenchAsync();
        foreach (var name in new[] { "shop/order", "store/orders" })
        {
            await AddAsync(bench, new FoundRepository
            {
                Provider = "forge", Repository = name, WebUrl = $"https://forge.example/{name}", DefaultBranch = "main",
                HeadCommit = "1", SeenAt = DateTimeOffset.UtcNow
            });
        }

        await Events(bench).RepositoryChangedAsync(
            "forge", new RepositoryChange(RepositoryChangeKind.Transferred, After, Before, null), Cancellation);

        await using var db = bench.Database.CreateDbContext();
        var row = await db.Set<FoundRepository>().SingleAsync(Cancellation);
        Assert.Equal(("store/orders", null), (row.Repository, row.HeadCommit));
    }

    [Fact]
    public async Task RepositoryChanged_AtAnotherProvider_ChangesNothingHere()
    {
        await using var bench = await BenchAsync();

        await Events(bench).RepositoryChangedAsync(
            "elsewhere", new RepositoryChange(RepositoryChangeKind.Renamed, After, Before, null), Cancellation);

        await using var db = bench.Database.CreateDbContext();
        Assert.Equal(
            "shop/order",
            (await db.Set<CatalogEntity>().SingleAsync(e => e.Provider == "forge", Cancellation)).Repository);
    }

    [Fact]
    public async Task RepositoryChanged_Deleted_MarksTheEntityUntilItIsReadAgain()
    {
        await using var bench = await BenchAsync();
        var change = new RepositoryChange(RepositoryChangeKind.Deleted, Before, null, null);
        await Events(bench).RepositoryChangedAsync("forge", change, Cancellation);
        await Events(bench).RepositoryChangedAsync("forge", change, Cancellation);
        await using (var db = bench.Database.CreateDbContext())
        {
            Assert.NotNull(
                (await db.Set<CatalogEntity>().SingleAsync(e => e.Provider == "forge", Cancellation)).RepositoryGoneAt);
            Assert.Equal(1, await db.Set<AuditEvent>().CountAsync(e => e.Action == "repository.deleted", Cancellation));
        }

        await RegisterAsync(bench);

        await using (var db = bench.Database.CreateDbContext())
        {
            Assert.Null(
                (await db.Set<CatalogEntity>().SingleAsync(e => e.Provider == "forge", Cancellation)).RepositoryGoneAt);
        }
    }

    [Theory]
    [InlineData("url:https://github.com/shop/order/catalog-info.yaml", "catalog-info.yaml")]
    [InlineData("url:https://github.com/Shop/Order/blob/main/docs/catalog-info.yaml", "docs/catalog-info.yaml")]
    [InlineData("url:http://127.0.0.1:5080/git/shop/order.git/catalog-info.yaml", "catalog-info.yaml")]
    [InlineData("url:https://github.com/shop/order-old/catalog-info.yaml", null)]
    [InlineData("portal:token", null)]
    public void PathIn_Location_IsThatOfTheFileInTheRepository(string location, string? path) =>
        Assert.Equal(path, DescriptorPlaces.PathIn(location, "shop/order"));

    [Fact]
    public async Task News_ToldTwice_StandOnRecordOnceAndInWords()
    {
        await using var bench = await BenchAsync();
        for (var i = 0; i < 2; i++)
        {
            await Events(bench).PushedAsync(
                "forge", new RepositoryPush(Before, "main", null, new string('a', 40), "user:default/ada"),
                Cancellation);
            await Events(bench).PullRequestChangedAsync(
                "forge", new PullRequestChange(
                    Before, new PullRequest(3, "https://forge.example/3", "mend", "merged", "abc"), "Mend it", "merged",
                    "user:default/ada"), Cancellation);
            await Events(bench).DeploymentChangedAsync("forge", new HostDeployment(
                Before, "production", "0123456789", "success", null, DateTimeOffset.UnixEpoch), Cancellation);
            await Events(bench).DeploymentChangedAsync("forge", new HostDeployment(
                Before, "production", "0123456789", "in_progress", null, DateTimeOffset.UnixEpoch), Cancellation);
            await Events(bench).MembershipChangedAsync(
                "forge", new MembershipChange("shop", "checkout", "ada", true), Cancellation);
        }

        Assert.Equal(
            [
                "Pushed aaaaaaa to main of shop/order", "Merged pull request #3 of shop/order: Mend it",
                "Saw 0123456 of shop/order to production at forge deployed",
                "Team checkout of shop at forge: ada joined",
            ], await NewsAsync(bench));
    }

    [Fact]
    public async Task News_BackAndForth_AreEachTold()
    {
        await using var bench = await BenchAsync();
        foreach (var member in new[] { true, false, false, true })
        {
            await Events(bench).MembershipChangedAsync(
                "forge", new MembershipChange("shop", null, "ada", member), Cancellation);
        }

        Assert.Equal(["joined", "left", "joined"], (await NewsAsync(bench)).Select(n => n.Split(' ')[^1]));
    }

    [Fact]
    public async Task News_WhoseWordsNameAnother_AreNoNewsOfThatOne()
    {
        await using var bench = await BenchAsync();
        await PullRequestAsync(bench, 7, "Mend it", "opened");
        await PullRequestAsync(bench, 8, "Revert pull request #7 of shop/order", "opened");
        await PullRequestAsync(bench, 7, "Mend it", "opened");

        Assert.Equal(
        [
            "Opened pull request #7 of shop/order: Mend it",
            "Opened pull request #8 of shop/order: Revert pull request #7 of shop/order"
        ], await NewsAsync(bench));
    }

    [Fact]
    public async Task News_InOtherWords_AreNoNews()
    {
        await using var bench = await BenchAsync();
        await PullRequestAsync(bench, 7, "Mend it", "opened");
        await PullRequestAsync(bench, 7, "Mend it well", "opened");

        Assert.Equal(["Opened pull request #7 of shop/order: Mend it"], await NewsAsync(bench));
    }

    [Fact]
    public async Task News_ThatReadTheSameAtTwoHosts_AreToldOfEach()
    {
        await using var bench = await BenchAsync();
        var push = new RepositoryPush(new RepositoryName("shop", "unknown"), "main", null, new string('a', 40), null);
        await Events(bench).PushedAsync("forge", push, Cancellation);
        await Events(bench).PushedAsync("smithy", push, Cancellation);
        await Events(bench).PushedAsync("smithy", push with { After = new string('a', 39) + "b" }, Cancellation);

        Assert.Equal(Enumerable.Repeat("Pushed aaaaaaa to main of shop/unknown", 3), await NewsAsync(bench));
    }

    [Fact]
    public async Task News_HeardByManyAtOnce_StandOnRecordOnce()
    {
        await using var bench = await BenchAsync();
        var change = new MembershipChange("shop", null, "ada", true);

        await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(_ => Task.Run(() => Events(bench).MembershipChangedAsync("forge", change, Cancellation))));

        Assert.Single(await NewsAsync(bench));
    }

    [Fact]
    public async Task News_RenamedThereAndBackAndThereAgain_AreEachTold()
    {
        await using var bench = await BenchAsync();
        foreach (var (from, to) in new[] { (Before, After), (After, Before), (Before, After), (Before, After) })
        {
            await Events(bench).RepositoryChangedAsync(
                "forge", new RepositoryChange(RepositoryChangeKind.Renamed, to, from, null), Cancellation);
        }

        Assert.Equal(3, (await NewsAsync(bench)).Count(n => n.StartsWith("Renamed", StringComparison.Ordinal)));
    }

    private static Task PullRequestAsync(RunBench bench, int number, string title, string action) =>
        Events(bench).PullRequestChangedAsync(
            "forge", new PullRequestChange(
                Before, new PullRequest(number, "https://forge.example/p", "b", "open", "abc"), title, action,
                null), Cancellation);

    private async Task<RunBench> BenchAsync()
    {
        var host = new FakeHost("forge");
        var bench =
            await RunBench.CreateAsync(postgres, new BenchSetup { More = s => s.AddSingleton<IProvider>(host) });
        await RegisterAsync(bench);
        var run = await host.TriggerAsync(new TriggerPipeline(Before, "ci.yml", "main", "one"), Cancellation);
        await Events(bench).PipelineRunChangedAsync(
            "forge", run with { Status = PipelineStatus.Failed, FinishedAt = DateTimeOffset.UnixEpoch }, Cancellation);
        var made = await host.CreateAsync(
            new CreateEnvironment(
                "orders-dev", "dev", "dev", Before, new EnvironmentVersion(run.Id, run.Commit), "small", "mark",
                new Dictionary<string, string>()), Cancellation);
        var record = new NewEnvironment(
            "orders-dev", "dev", EntityRef.Component("orders"), EntityRef.Group("orders"), "dev",
            host.Definitions[0].Sizes[0], "forge", Before, true, null, RunBench.Ada, Guid.CreateVersion7(), null,
            null, "forge");
        var records = bench.Get<IEnvironmentRecords>();
        Assert.True((await records.ReserveAsync(record, Cancellation)).IsOk);
        await records.RecordCreatedAsync(record, made, Cancellation);
        return bench;
    }

    private static async Task RegisterAsync(RunBench bench) =>
        Assert.True((await bench.Get<ICatalogWriter>().RegisterAsync(
            new RegisterDescriptor(
                Text, "url:https://forge.example/shop/order/catalog-info.yaml", "forge",
                "shop/order"), RunBench.Ada, Cancellation)).IsOk);

    private static IProviderEvents Events(RunBench bench) => bench.Get<IProviderEvents>();

    private static async Task<List<string>> NewsAsync(RunBench bench)
    {
        string[] made = ["entity.created", "environment.created"];
        await using var db = bench.Database.CreateDbContext();
        return await db.Set<AuditEvent>().Where(e => !made.Contains(e.Action)).OrderBy(e => e.Number)
            .Select(e => e.Summary).ToListAsync(Cancellation);
    }

    private static async Task AddAsync(RunBench bench, object row)
    {
        await using var db = bench.Database.CreateDbContext();
        db.Add(row);
        await db.SaveChangesAsync(Cancellation);
    }
}
