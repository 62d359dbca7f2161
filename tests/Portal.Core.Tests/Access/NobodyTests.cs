using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Activities;
using Portal.Core.Audit;
using Portal.Core.Catalog;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Inbound;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit.Postgres;
using Quartz;

namespace Portal.Core.Tests.Access;

/// <summary>
/// Who is not signed in is not the portal, and no person either: refused everywhere, and author of nothing.
/// </summary>
public sealed class NobodyTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> AllPermissions => [.. Permissions.All];

    [Theory]
    [MemberData(nameof(AllPermissions))]
    public async Task Authorise_Nobody_IsRefusedWhateverIsGranted(string permission)
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        await using (var db = bench.Database.CreateDbContext())
        {
            db.Add(new RolePermission { Role = "all", Permission = permission });
            foreach (var subject in new[] { RoleGrant.Everybody, Actor.Nobody.Ref.Key })
            {
                foreach (var scope in new[] { RoleGrant.Everywhere, RoleGrant.Owned, Actor.Nobody.Ref.Key })
                {
                    db.Add(new RoleGrant { Subject = subject, Role = "all", Scope = scope });
                }
            }
            await db.SaveChangesAsync(Cancellation);
        }
        var authorise = bench.Get<Authorise>();

        foreach (var owner in new EntityRef?[] { null, EntityRef.Group("orders"), Actor.Nobody.Ref, Actor.System.Ref })
        {
            Assert.Equal("not-signed-in",
                (await authorise.CheckAsync(Actor.Nobody, permission, owner, Cancellation)).Error?.Code);
        }
        Assert.Equal("not-signed-in",
            (await authorise.VisibleAsync(Actor.Nobody, permission, Cancellation)).Error?.Code);
        // Somebody who is signed in gets what is granted to everybody.
        Assert.True((await authorise.CheckAsync(RunBench.Ada, permission, null, Cancellation)).IsOk);
    }

    [Fact]
    public async Task Record_Nobody_IsNeverItsAuthor()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        await using var db = bench.Database.CreateDbContext();
        db.Add(new RoleGrant { Subject = "user:default/ada", Role = "x", Scope = RoleGrant.Everywhere });

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => db.SaveAuditedAsync(TimeProvider.System, Cancellation,
                new AuditEntry(Actor.Nobody, "role.granted", "user:default/ada", "Granted")));

        await using var after = bench.Database.CreateDbContext();
        Assert.False(await after.Set<AuditEvent>().AnyAsync(Cancellation));
        Assert.False(await after.Set<RoleGrant>().AnyAsync(g => g.Role == "x", Cancellation));
    }

    /// <summary>What asks for no permission, because it is the person's own.</summary>
    [Fact]
    public async Task OwnThings_Nobody_HasNone()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var wait = new RunWait("k", "s", WaitKind.Approval, "May it?", [Actor.Nobody.Ref.ToString(), "*"], null, null);

        Error?[] refused =
        [
            (await bench.Get<AccessTokens>().CreateAsync(Actor.Nobody, "x", null, null, Cancellation)).Error,
            (await bench.Get<AccessTokens>().ListAsync(Actor.Nobody.Ref, Actor.Nobody, Cancellation)).Error,
            (await bench.Get<Drafts>()
                .CreateAsync(new EntityRef("template", "default", "t"), [], Actor.Nobody, Cancellation)).Error,
            WakeRun.MayNotDecide(["user:default/ada"], wait, Actor.Nobody),
            (await bench.Get<ReadActivity>().ListAsync(new ActivityFilter(), Actor.Nobody, Cancellation)).Error,
            (await bench.Get<ReadCatalog>().ListAsync(new CatalogFilter(), Actor.Nobody, Cancellation)).Error,
            (await new ReadDeliveries(bench.Database, bench.Get<Authorise>(), bench.Get<ISchedulerFactory>(),
                TimeProvider.System)
                .FailedAsync(Actor.Nobody, Cancellation)).Error,
        ];

        Assert.All(refused, e => Assert.Equal("not-signed-in", e?.Code));
        Assert.Throws<InvalidOperationException>(() => Actor.Nobody.ByPortal());
    }

    [Theory]
    [InlineData("system:default/portal")]
    [InlineData("System:default/portal")]
    [InlineData("nobody:default/nobody")]
    [InlineData("group:default/platform")]
    public async Task SignedIn_AsWhatIsNoPerson_IsNobody(string reference)
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var people = bench.Get<People>();
        var principal = new ClaimsPrincipal(new ClaimsIdentity([new Claim(PersonClaims.Subject, reference)], "Token"));

        Assert.Same(Actor.Nobody, await people.PersonAsync(principal, Cancellation));
        Assert.Throws<ArgumentException>(() => new Actor(EntityRef.Parse(reference), "x", []));
        await Assert.ThrowsAsync<ArgumentException>(() =>
            people.IssueTokenAsync(EntityRef.Parse(reference), Cancellation));
    }

    [Fact]
    public async Task SignedIn_ByNobody_IsNobody_AndAPersonIsThatPerson()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var people = bench.Get<People>();
        var claim = new Claim(PersonClaims.Subject, "user:default/ada");

        Assert.Same(Actor.Nobody, await people.PersonAsync(new ClaimsPrincipal(), Cancellation));
        // An identity that nobody has vouched for.
        Assert.Same(Actor.Nobody,
            await people.PersonAsync(new ClaimsPrincipal(new ClaimsIdentity([claim])), Cancellation));
        Assert.Equal(ActorKind.Person,
            (await people.PersonAsync(new ClaimsPrincipal(new ClaimsIdentity([claim], "Token")), Cancellation)).Kind);
        Assert.Same(Actor.System, await people.ActorAsync(Actor.System.Ref, Cancellation));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("system:default/portal")]
    [InlineData("group:default/platform")]
    public void Reported_ByWhatIsNoPerson_IsThePortals(string? by) => Assert.Same(Actor.System, Reported.Who(by));

    [Fact]
    public void Actor_OtherName_IsOfTheSameKind()
    {
        Assert.True((Actor.System with { DisplayName = "x" }).IsSystem);
        Assert.True((Actor.Nobody with { DisplayName = "Portal" }).IsNobody);
        Assert.False((RunBench.Ada with { DisplayName = "Portal" }).IsSystem);
    }
}
