using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Environments;
using Portal.Core.Environments.Comparing;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Runs.Execution;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Environments;

public sealed class ReservationTests(PostgresFixture postgres)
{
    private static readonly EnvironmentRequest Wanted = new(
        Shop.Orders, "dev", "dev", null, TimeSpan.FromHours(4), null);

    [Fact]
    public async Task Create_AskedTwiceAtOnce_MakesOneAndTellsTheOther()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var one = await RequestAsync(shop);
        await ForgetNamesAsync(shop, one);
        var other = await RequestAsync(shop);
        await using var elsewhere = await shop.Bench.AnotherReplicaAsync();
        // Inside the one's call to the host, when the other looks for the name.
        shop.Host.OnCreate = async _ =>
        {
            shop.Host.OnCreate = null;
            await elsewhere.GetRequiredService<RunExecutor>().ExecuteAsync(other, CancellationToken.None);
        };

        await shop.Bench.ExecuteAsync(one);

        Assert.Equal(RunStatus.Completed, (await shop.Bench.ReadAsync(one)).Run.Status);
        var refused = (await shop.Bench.ReadAsync(other)).Run;
        Assert.Equal(RunStatus.Failed, refused.Status);
        Assert.Contains("dev", refused.Failure, StringComparison.Ordinal);
        Assert.Single(shop.Host.Created);
        var made = Assert.Single(await shop.EnvironmentsAsync());
        Assert.Equal((one, EnvironmentStatus.Running, false), (made.RunId, made.Status, made.IsReserved));
        Assert.NotNull(made.ExpiresAt);
    }

    [Fact]
    public async Task Reserve_ManyOfOneNameAtOnce_TheDatabaseLetsOneIn()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var records = shop.Get<IEnvironmentRecords>();

        var all = await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(i => Task.Run(() => records.ReserveAsync(New($"orders-dev-{i}"), CancellationToken.None))));

        Assert.Single(all, r => r.IsOk);
        Assert.All(all.Where(r => !r.IsOk), r => Assert.Equal("environment-exists", r.Error!.Code));
        Assert.Single(await shop.EnvironmentsAsync());
    }

    [Fact]
    public async Task Reserve_AdoptedTwiceUnderTwoNames_TheDatabaseLetsOneIn()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var records = shop.Get<IEnvironmentRecords>();

        Assert.True((await records.ReserveAsync(
            New("one") with { Name = "one", AdoptedFrom = "/groups/it" }, CancellationToken.None)).IsOk);

        Assert.Equal("environment-adopted-already", (await records.ReserveAsync(
            New("two") with { Name = "two", AdoptedFrom = "/groups/it" }, CancellationToken.None)).Error?.Code);
    }

    [Fact]
    public async Task Create_HostRefuses_LeavesTheNameFree()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        shop.Host.OnCreate = _ => throw ProviderException.Invalid("no-room", "There is no room.");

        var run = await RequestAsync(shop);
        await shop.Bench.ExecuteAsync(run);

        Assert.Equal(RunStatus.Failed, (await shop.Bench.ReadAsync(run)).Run.Status);
        Assert.Empty(await shop.EnvironmentsAsync());
    }

    [Fact]
    public async Task Create_WhileItIsMade_NobodyElseChangesIt()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        string? code = null;
        shop.Host.OnCreate = async request =>
            code = (await shop.Get<ControlEnvironment>().ExecuteAsync(
                request.Id, OperationRequest.Destroy(), RunBench.Ada, CancellationToken.None)).Error?.Code;

        await shop.Bench.ExecuteAsync(await RequestAsync(shop));

        Assert.Equal("environment-being-made", code);
    }

    [Fact]
    public async Task Compare_CallWhoseAnswerWasLost_ShowsTheReservationUntilSomebodyEndsIt()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        shop.Host.OnCreate = _ => throw new ProviderException(new Portal.Core.Shared.Error(
            Portal.Core.Shared.ErrorKind.Unavailable, "gone", "No answer.")) { MayHaveHappened = true };
        await shop.Bench.ExecuteAsync(await RequestAsync(shop));
        var row = Assert.Single(await shop.EnvironmentsAsync());
        Assert.True(row.IsReserved);

        await shop.Get<CompareHosts>().ExecuteAsync(CancellationToken.None);

        Assert.Equal(EnvironmentStatus.Failed, (await shop.EnvironmentAsync(row.Id)).Status);
        var control = shop.Get<ControlEnvironment>();
        Assert.Equal("environment-not-made", (await control.ExecuteAsync(
            row.Id, OperationRequest.Start, RunBench.Ada, CancellationToken.None)).Error?.Code);
        await shop.DoneAsync(
            control.ExecuteAsync(row.Id, OperationRequest.Destroy(), RunBench.Ada, CancellationToken.None));
        shop.Host.OnCreate = null;
        var again = await RequestAsync(shop);
        await shop.Bench.ExecuteAsync(again);
        Assert.Equal(RunStatus.Completed, (await shop.Bench.ReadAsync(again)).Run.Status);
    }

    [Fact]
    public async Task Compare_WhatOneSideAloneHas_IsToldOnTheSecondLookAndNotDestroyed()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        await shop.Bench.ExecuteAsync(await RequestAsync(shop));
        var known = Assert.Single(await shop.EnvironmentsAsync());
        shop.Host.Have(new EnvironmentInfo(
            "orders-old-000000", "old", shop.Host.Created[0].Repository, EnvironmentStatus.Running, null, null, null,
            "small", "mark", 0, null, DateTimeOffset.UnixEpoch, null));
        shop.Host.Forget(known.Id);
        var compare = shop.Get<CompareHosts>();
        await compare.ExecuteAsync(CancellationToken.None);
        Assert.Empty((await shop.Get<ReadDifferences>().ListAsync(Shop.Pat, CancellationToken.None)).Value);

        await compare.ExecuteAsync(CancellationToken.None);

        var found = (await shop.Get<ReadDifferences>().ListAsync(Shop.Pat, CancellationToken.None)).Value;
        Assert.Equal([known.Id, "orders-old-000000"], found.Select(d => d.Name));
        Assert.DoesNotContain("destroy environment", shop.Host.Changes);
        Assert.False((await shop.Get<ReadDifferences>().ListAsync(RunBench.Ada, CancellationToken.None)).IsOk);
        shop.Host.Forget("orders-old-000000");
        await shop.DoneAsync(shop.Get<ControlEnvironment>().ExecuteAsync(
            known.Id, OperationRequest.Destroy(), RunBench.Ada, CancellationToken.None));
        await compare.ExecuteAsync(CancellationToken.None);
        Assert.Empty((await shop.Get<ReadDifferences>().ListAsync(Shop.Pat, CancellationToken.None)).Value);
    }

    [Fact]
    public async Task Compare_RepositoryOfARunThatNobodyKnows_IsTold()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var mark = Guid.CreateVersion7();
        var author = new CommitAuthor("Ada", "ada@example.org", DateTimeOffset.UnixEpoch);
        await shop.Host.CreateAsync(new CreateRepository(
            new RepositoryName("orders", "left"), "", "main", FileTree.Empty, "First", author, mark.ToString(),
            "group:default/orders"), CancellationToken.None);

        await shop.Get<CompareHosts>().ExecuteAsync(CancellationToken.None);
        await shop.Get<CompareHosts>().ExecuteAsync(CancellationToken.None);

        Assert.Equal(
            "orders/left",
            Assert.Single((await shop.Get<ReadDifferences>().ListAsync(Shop.Pat, CancellationToken.None)).Value).Name);
    }

    private static async Task<Guid> RequestAsync(Shop shop) =>
        (await shop.Get<RequestEnvironment>().ExecuteAsync(Wanted, RunBench.Ada, CancellationToken.None)).Value;

    /// <summary>As of a run that a release began which did not ask for names.</summary>
    private static async Task ForgetNamesAsync(Shop shop, Guid run)
    {
        await using var db = shop.Bench.Database.CreateDbContext();
        await db.Set<Run>().Where(r => r.Id == run).ExecuteUpdateAsync(
            s => s.SetProperty(r => r.Names, Array.Empty<string>()));
    }

    private static NewEnvironment New(string id) => new(
        id, "dev", Shop.Orders, EntityRef.Group("orders"), "dev",
        new EnvironmentSize("small", 1, 1, new Portal.Core.Shared.Money(1, "EUR"), "x"), "local",
        new RepositoryName("orders", "orders"),
        true, null, RunBench.Ada, Guid.CreateVersion7(), null, null, "local");
}
