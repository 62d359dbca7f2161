using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Catalog.Discovery;
using Portal.Core.Entities;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Catalog.Discovery;

public sealed class ProposeDescriptorTests(PostgresFixture postgres)
{
    private static readonly Actor Pia = new(EntityRef.User("pia"), "Pia", [EntityRef.Group("platform")]);
    private static readonly Actor Ben = new(EntityRef.User("ben"), "Ben", [EntityRef.Group("storefront")]);

    private readonly FakePulls pulls = new("forge");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Execute_RepositoryWithAnOwner_OpensOnePullRequestWithItsDescriptor()
    {
        await using var bench = await BenchAsync();
        await AddAsync(bench, "shop/tools");

        var run = (await bench.Get<ProposeDescriptor>().ExecuteAsync(
            "forge", "shop/tools", RunBench.Ada, Cancellation)).Value;
        await bench.ExecuteAsync(run);

        Assert.Equal(RunStatus.Completed, (await bench.ReadAsync(run)).Run.Status);
        var opened = Assert.Single(pulls.Opened);
        var entity = Assert.Single(
            Descriptor.ParseAll(opened.Changes.ReadText("catalog-info.yaml")!, "catalog-info.yaml").Value);
        Assert.Equal(
            ("component:default/tools", "group:default/orders"), (entity.Ref.ToString(), entity.Owner.ToString()));
        Assert.Contains("CODEOWNERS names @shop/orders", opened.Body, StringComparison.Ordinal);
        Assert.Equal("https://forge.example/pulls/1", (await RowAsync(bench, "shop/tools")).PullRequestUrl);
        Assert.Equal("It is proposed already.", await bench.Get<ProposeDescriptor>().WhyNotAsync(
            await RowAsync(bench, "shop/tools"), RunBench.Ada, Cancellation));
    }

    [Fact]
    public async Task Execute_DescriptionThatLooksLikeAnExpression_IsTextAndNoMore()
    {
        await using var bench = await BenchAsync();
        await AddAsync(bench, "shop/tools", description: "Says ${{ user.ref }}: # yes");

        await bench.ExecuteAsync((await bench.Get<ProposeDescriptor>().ExecuteAsync(
            "forge", "shop/tools", RunBench.Ada, Cancellation)).Value);

        var entity = Assert.Single(Descriptor.ParseAll(
            Assert.Single(pulls.Opened).Changes.ReadText("catalog-info.yaml")!, "catalog-info.yaml").Value);
        Assert.Equal("Says ${{ user.ref }}: # yes", entity.Description);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("forge.example/project-slug")]
    public async Task Execute_HostWithAnAnnotationOrWithout_NamesTheRepositoryByIt(string? annotation)
    {
        await using var bench = await BenchAsync(annotation);
        await AddAsync(bench, "shop/tools");

        await bench.ExecuteAsync((await bench.Get<ProposeDescriptor>().ExecuteAsync(
            "forge", "shop/tools", RunBench.Ada, Cancellation)).Value);

        var descriptor = Assert.Single(pulls.Opened).Changes.ReadText("catalog-info.yaml")!;
        Assert.Equal(
            annotation is not null,
            descriptor.Contains($"{annotation ?? "annotations"}: shop/tools", StringComparison.Ordinal));
        Assert.Equal(annotation is not null, descriptor.Contains("annotations:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Undo_OpenPullRequest_ClosesItAndItMayBeProposedAgain()
    {
        await using var bench = await BenchAsync();
        await AddAsync(bench, "shop/tools");
        var run = (await bench.Get<ProposeDescriptor>().ExecuteAsync(
            "forge", "shop/tools", RunBench.Ada, Cancellation)).Value;
        await bench.ExecuteAsync(run);

        Assert.True((await bench.Get<UndoRun>().StartAsync(run, RunBench.Ada, Cancellation)).IsOk);
        await bench.ExecuteAsync(run);

        Assert.Equal([1], pulls.Closed);
        Assert.Null(await bench.Get<ProposeDescriptor>().WhyNotAsync(
            await RowAsync(bench, "shop/tools"), RunBench.Ada, Cancellation));
    }

    [Fact]
    public async Task Execute_ByAnotherTeam_IsRefusedAndByThePlatformTeamNot()
    {
        await using var bench = await BenchAsync();
        await AddAsync(bench, "shop/tools");

        Assert.Equal(
            ErrorKind.Conflict,
            (await bench.Get<ProposeDescriptor>().ExecuteAsync("forge", "shop/tools", Ben, Cancellation)).Error!.Kind);
        Assert.True((await bench.Get<ProposeDescriptor>().ExecuteAsync("forge", "shop/tools", Pia, Cancellation)).IsOk);
    }

    [Fact]
    public async Task ForAll_Several_StartsARunForEachThatCanBeAndOnlyForThePlatformTeam()
    {
        await using var bench = await BenchAsync();
        await AddAsync(bench, "shop/one");
        await AddAsync(bench, "shop/two");
        await AddAsync(bench, "shop/archived", change: r => r.IsArchived = true);
        await AddAsync(bench, "shop/nobodys", change: r => r.ProposedOwner = null);
        await AddAsync(bench, "shop/described", change: r => r.DescriptorPath = "catalog-info.yaml");

        Assert.Equal(ErrorKind.Forbidden, (await bench.Get<ProposeDescriptor>().ForAllAsync(
            new DiscoveryFilter(), RunBench.Ada, Cancellation)).Error!.Kind);
        Assert.Equal(
            2, (await bench.Get<ProposeDescriptor>().ForAllAsync(new DiscoveryFilter(), Pia, Cancellation)).Value);
    }

    [Theory]
    [InlineData("tools", "tools")]
    [InlineData("_my tools!_", "my-tools")]
    [InlineData("a.b_c", "a.b_c")]
    public void ComponentName_Repository_IsANameThatTheCatalogTakes(
        string repository, string name) => Assert.Equal(name, ProposeDescriptor.ComponentName(repository));

    private Task<RunBench> BenchAsync(string? annotation = null) => RunBench.CreateAsync(
        postgres, new BenchSetup { More = s => s.AddSingleton<IProvider>(
            new FakeHost("forge") { DescriptorAnnotation = annotation }).AddSingleton<IProvider>(pulls) });

    private static async Task AddAsync(
        RunBench bench, string name, string? description = null, Action<FoundRepository>? change = null)
    {
        var row = new FoundRepository
        {
            Provider = "forge", Repository = name, WebUrl = $"https://forge.example/{name}", DefaultBranch = "main",
            HeadCommit = "1", Description = description, ProposedOwner = "orders",
            ProposedOwnerIsTeam = true, ProposedOwnerReason = "CODEOWNERS names @shop/orders for everything",
            SeenAt = DateTimeOffset.UtcNow,
        };
        change?.Invoke(row);
        await using var db = bench.Database.CreateDbContext();
        db.Add(row);
        await db.SaveChangesAsync(Cancellation);
    }

    private static async Task<FoundRepository> RowAsync(RunBench bench, string name)
    {
        await using var db = bench.Database.CreateDbContext();
        return await db.Set<FoundRepository>().AsNoTracking().SingleAsync(r => r.Repository == name, Cancellation);
    }
}
