using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Core.Access;
using Portal.Core.Catalog;
using Portal.Core.Catalog.Organisation;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Shared;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Catalog.Organisation;

/// <summary>The first administrator, and the last: there is always one.</summary>
public sealed class FirstAdministratorTests(PostgresFixture postgres)
{
    private const string Sample = """
        apiVersion: backstage.io/v1alpha1
        kind: Group
        metadata: { name: platform }
        spec: { type: team, children: [] }
        ---
        apiVersion: backstage.io/v1alpha1
        kind: User
        metadata: { name: chen }
        spec: { memberOf: [platform] }
        """;

    private static readonly SetUpWish Wish = new(
        new NewPerson("jane.doe", new Profile("Jane Doe")), [new NewTeam("checkout", new Profile("Checkout"))],
        [new NewPerson("bo", new Profile("Bo"), ["checkout"])]);

    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SetUp_WithTheKeyOfTheLog_NamesAllOnce_AndIsOverThen()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var first = bench.Get<FirstSetUp>();
        var key = await first.PrepareAsync(Cancellation);
        Assert.True(await first.IsOpenAsync(key, Cancellation));

        Assert.True((await first.CompleteAsync(key, Wish, Cancellation)).IsOk);

        var jane = await bench.Get<People>().PersonAsync(EntityRef.User("jane.doe"), Cancellation);
        Assert.True(await bench.Get<Authorise>().MayAsync(jane, Permissions.Administer, null, Cancellation));
        Assert.Equal(
            [EntityRef.Group("checkout")],
            (await bench.Get<People>().PersonAsync(EntityRef.User("bo"), Cancellation)).Groups);
        Assert.False(await first.IsOpenAsync(key, Cancellation));
        Assert.Equal(ErrorKind.NotFound, (await first.CompleteAsync(key, Wish, Cancellation)).Error?.Kind);
        Assert.Null(await first.PrepareAsync(Cancellation));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("guessed")]
    public async Task SetUp_WithoutTheKey_IsNotThere(string? key)
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var first = bench.Get<FirstSetUp>();
        await first.PrepareAsync(Cancellation);

        Assert.False(await first.IsOpenAsync(key, Cancellation));
        Assert.Equal("set-up-over", (await first.CompleteAsync(key, Wish, Cancellation)).Error?.Code);
    }

    [Fact]
    public async Task SetUp_ADayLater_IsNotThere()
    {
        await using var bench = await RunBench.CreateAsync(postgres, new BenchSetup { Time = time });
        var key = await bench.Get<FirstSetUp>().PrepareAsync(Cancellation);

        time.Advance(TimeSpan.FromHours(24));

        Assert.False(await bench.Get<FirstSetUp>().IsOpenAsync(key, Cancellation));
    }

    [Fact]
    public async Task SetUp_WithAMistake_ChangesNothingAndTheKeyIsStillGood()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var first = bench.Get<FirstSetUp>();
        var key = await first.PrepareAsync(Cancellation);

        var wrong = await first.CompleteAsync(
            key, Wish with { People = [new NewPerson("bo", new Profile("Bo"), ["nowhere"])] }, Cancellation);

        Assert.Equal("team-not-found", wrong.Error?.Code);
        Assert.True(await first.IsOpenAsync(key, Cancellation));
        await using var db = bench.Database.CreateDbContext();
        Assert.Equal(0, await db.Set<CatalogEntity>().CountAsync(Cancellation));
    }

    /// <summary>Two who have the link, at the same moment.</summary>
    [Fact]
    public async Task SetUp_ByTwoAtOnce_IsOnesAlone()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var first = bench.Get<FirstSetUp>();
        var key = await first.PrepareAsync(Cancellation);

        var both = await Task.WhenAll(
            first.CompleteAsync(key, Wish, Cancellation),
            first.CompleteAsync(key, Wish with { Administrator = new("eve", new Profile("Eve")) }, Cancellation));

        Assert.Single(both, r => r.IsOk);
    }

    [Fact]
    public async Task Prepare_WithANameInTheConfiguration_MakesThatPersonTheAdministratorOnce()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var first = new FirstSetUp(
            bench.Get<ChangeOrganisation>(), bench.Get<IDbContextFactory<PortalDbContext>>(),
            Options.Create(new AccessOptions { FirstAdministrator = "jane.doe" }), TimeProvider.System);

        Assert.Null(await first.PrepareAsync(Cancellation));
        Assert.Null(await first.PrepareAsync(Cancellation));

        var jane = await bench.Get<People>().PersonAsync(EntityRef.User("jane.doe"), Cancellation);
        Assert.True(await bench.Get<Authorise>().MayAsync(jane, Permissions.Administer, null, Cancellation));
    }

    [Fact]
    public async Task RemoveSample_ByItsOnlyAdministrator_NamesTheSuccessorInTheSameStep()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var sample = bench.Get<SampleOrganisation>();
        await sample.LoadAsync(Sample, Cancellation);
        var chen = await bench.Get<People>().PersonAsync(EntityRef.User("chen"), Cancellation);
        Assert.True(await sample.LeavesNobodyAsync(Cancellation));

        var wrong = await sample.RemoveAsync(chen, Cancellation, new NewPerson("no name", new Profile(null)));
        Assert.Equal("name-invalid", wrong.Error?.Code);
        Assert.True(await sample.IsThereAsync(Cancellation));
        Assert.True((await sample.RemoveAsync(
            chen, Cancellation, new NewPerson("jane.doe", new Profile("Jane Doe")))).IsOk);

        await using var db = bench.Database.CreateDbContext();
        Assert.Equal(["user:default/jane.doe"], await db.Set<CatalogEntity>().Select(e => e.Key).ToListAsync());
        var jane = await bench.Get<People>().PersonAsync(EntityRef.User("jane.doe"), Cancellation);
        Assert.True(await bench.Get<Authorise>().MayAsync(jane, Permissions.Administer, null, Cancellation));
        chen = await bench.Get<People>().PersonAsync(EntityRef.User("chen"), Cancellation);
        Assert.False(await bench.Get<Authorise>().MayAsync(chen, Permissions.Administer, null, Cancellation));
    }

    /// <summary>A real person whose right comes through a team of the sample loses it with that.</summary>
    [Fact]
    public async Task RemoveSample_WithARealPersonInItsTeam_StillAsksForSomebody()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var sample = bench.Get<SampleOrganisation>();
        await sample.LoadAsync(Sample, Cancellation);
        var chen = await bench.Get<People>().PersonAsync(EntityRef.User("chen"), Cancellation);
        var made = await bench.Get<ChangePeople>().CreateAsync(
            new NewPerson("jane.doe", new Profile("Jane Doe"), ["platform"]), chen, Cancellation);
        Assert.True(made.IsOk, made.Error?.ToString());
        var jane = await bench.Get<People>().PersonAsync(EntityRef.User("jane.doe"), Cancellation);
        Assert.True(await sample.LeavesNobodyAsync(Cancellation));

        Assert.True((await sample.RemoveAsync(jane, Cancellation)).IsOk);

        jane = await bench.Get<People>().PersonAsync(EntityRef.User("jane.doe"), Cancellation);
        Assert.True(await bench.Get<Authorise>().MayAsync(jane, Permissions.Administer, null, Cancellation));
    }
}
