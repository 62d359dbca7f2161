using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Entities;
using Portal.Core.Shared;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Access;

/// <summary>Persons with their groups, and their tokens as the pages list them.</summary>
public sealed class PeopleTests(PostgresFixture postgres)
{
    private static readonly EntityRef Ada = EntityRef.User("ada");
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Person_InAGroupBelowOthers_IsInThoseToo_EvenWhereTheyFormACircle()
    {
        await using var bench = await OpenAsync();
        await RelateAsync(bench, "user:default/ada", Relations.MemberOf, "group:default/menu");
        await RelateAsync(bench, "group:default/menu", Relations.ChildOf, "group:default/orders");
        await RelateAsync(bench, "group:default/orders", Relations.ChildOf, "group:default/menu");

        var person = await bench.Get<People>().PersonAsync(Ada, Cancellation);

        Assert.Equal(["group:default/menu", "group:default/orders"], person.Groups.Select(g => g.Key).Order());
    }

    [Fact]
    public async Task Person_TakenOutOfAGroup_IsOutAfterSeconds()
    {
        await using var bench = await OpenAsync();
        await RelateAsync(bench, "user:default/ada", Relations.MemberOf, "group:default/orders");
        Assert.Single((await bench.Get<People>().PersonAsync(Ada, Cancellation)).Groups);
        await using var db = bench.Database.CreateDbContext();
        await db.Set<CatalogRelation>().ExecuteDeleteAsync(Cancellation);

        time.Advance(TimeSpan.FromSeconds(10));

        Assert.Empty((await bench.Get<People>().PersonAsync(Ada, Cancellation)).Groups);
    }

    [Fact]
    public async Task Tokens_AreListedForTheirPersonAndForWhoAdministers_AndForNobodyElse()
    {
        await using var bench = await OpenAsync();
        var people = bench.Get<People>();
        await people.IssueTokenAsync(Ada, Cancellation, days: 1, name: "short");
        await people.IssueTokenAsync(Ada, Cancellation, days: 30, name: "long");
        await people.IssueTokenAsync(EntityRef.User("root"), Cancellation, administrator: true);
        var (ada, bo, root) =
            (await people.PersonAsync(Ada, Cancellation), new Actor(EntityRef.User("bo"), "Bo", []),
            await people.PersonAsync(EntityRef.User("root"), Cancellation));
        var tokens = bench.Get<AccessTokens>();
        time.Advance(TimeSpan.FromDays(2));

        Assert.Equal(["long"], (await tokens.ListAsync(Ada, ada, Cancellation)).Value.Select(t => t.Name));
        Assert.Equal(["long"], (await tokens.ListAsync(Ada, root, Cancellation)).Value.Select(t => t.Name));
        Assert.Equal(ErrorKind.Forbidden, (await tokens.ListAsync(Ada, bo, Cancellation)).Error?.Kind);
        var id = (await tokens.ListAsync(Ada, ada, Cancellation)).Value[0].Id;
        // That there is one is nobody else's business either.
        Assert.Equal("token-not-found", (await tokens.RevokeAsync(id, bo, Cancellation)).Error?.Code);
        Assert.True((await tokens.RevokeAsync(id, root, Cancellation)).IsOk);
        await using var db = bench.Database.CreateDbContext();
        Assert.Equal("user:default/root",
            (await db.Set<AuditEvent>().SingleAsync(e => e.Action == "token.revoked", Cancellation)).Actor);
    }

    private Task<RunBench> OpenAsync() => RunBench.CreateAsync(postgres, new BenchSetup { Time = time });

    private static async Task RelateAsync(RunBench bench, string source, string type, string target)
    {
        await using var db = bench.Database.CreateDbContext();
        db.Add(new CatalogRelation { Source = source, Type = type, Target = target });
        await db.SaveChangesAsync(Cancellation);
    }
}
