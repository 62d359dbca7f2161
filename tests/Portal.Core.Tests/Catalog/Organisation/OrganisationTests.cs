using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Catalog;
using Portal.Core.Catalog.Organisation;
using Portal.Core.Entities;
using Portal.Core.Shared;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Catalog.Organisation;

/// <summary>Teams and people that are made in the portal, and who may change them.</summary>
public sealed class OrganisationTests(PostgresFixture postgres)
{
    private static readonly EntityRef Orders = EntityRef.Group("orders");
    private static readonly EntityRef Ada = EntityRef.User("ada");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Create_TeamAndPeople_AreInTheCatalogWithTheirMembershipAndOnRecord()
    {
        await using var bench = await OpenAsync();
        var root = await RootAsync(bench);

        await MakeAsync(bench, root, "orders", "ada");

        var ada = await bench.Get<People>().PersonAsync(Ada, Cancellation);
        Assert.Equal(("Ada of orders", "group:default/orders"), (ada.DisplayName, Assert.Single(ada.Groups).Key));
        var team = (await bench.Get<ReadOrganisation>().TeamsAsync(new(), root, Cancellation)).Value.Items.Single();
        Assert.Equal(("The orders", 1, 0), (team.Title, team.Members, team.Services));
        await using var db = bench.Database.CreateDbContext();
        Assert.Equal(
            ["group:default/orders", "user:default/ada"],
            await db.Set<AuditEvent>().Where(e => e.Action == "entity.created" && e.Actor == "user:default/root")
                .OrderBy(e => e.Number).Select(e => e.Subject).ToListAsync(Cancellation));
    }

    [Theory]
    [InlineData("Orders", "team-exists")]
    [InlineData("a b", "name-invalid")]
    [InlineData("", "name-invalid")]
    [InlineData("-orders", "name-invalid")]
    public async Task Create_TeamOfAWrongOrTakenName_IsRefusedInWords(string name, string code)
    {
        await using var bench = await OpenAsync();
        var root = await RootAsync(bench);
        await MakeAsync(bench, root, "orders");

        var error = (await bench.Get<ChangeTeams>().CreateAsync(
            new NewTeam(name, new Profile("Again")), root, Cancellation)).Error!;

        Assert.Equal((code, "/name"), (error.Code, error.Fields.Single().Path));
    }

    [Theory]
    [InlineData("title", 101)]
    [InlineData("description", 1001)]
    [InlineData("email", 255)]
    public async Task Create_WithATextThatIsTooLong_NamesTheField(string field, int length)
    {
        await using var bench = await OpenAsync();
        var root = await RootAsync(bench);
        var text = new string('a', length);
        var profile = new Profile(
            field == "title" ? text : "x", field == "description" ? text : null,
            field == "email" ? $"{text[..^4]}@a.b" : null);

        var error = (await bench.Get<ChangePeople>().CreateAsync(
            new NewPerson("bo", profile), root, Cancellation)).Error!;

        Assert.Equal($"/{field}", error.Fields.Single().Path);
    }

    /// <summary>Each change, by somebody who is in no team, by a member, and by nobody.</summary>
    [Fact]
    public async Task Change_ByWhoMayNot_IsRefusedEachTime_AndChangesNothing()
    {
        await using var bench = await OpenAsync();
        var root = await RootAsync(bench);
        await MakeAsync(bench, root, "orders", "ada");
        await MakeAsync(bench, root, "billing", "bo");
        var before = await CountAsync(bench);

        foreach (var actor in new[] { await ActorAsync(bench, "bo"), Actor.Nobody })
        {
            foreach (var (name, change) in Changes(bench, actor))
            {
                var error = await change();
                Assert.True(error?.Kind == ErrorKind.Forbidden, $"{name} by {actor.Ref}: {error}");
            }
        }

        Assert.Equal(before, await CountAsync(bench));
    }

    [Fact]
    public async Task Member_ChangesTheirOwnTeam_ButNeitherItsPlaceNorItsEnd()
    {
        await using var bench = await OpenAsync();
        var root = await RootAsync(bench);
        await MakeAsync(bench, root, "orders", "ada");
        await MakeAsync(bench, root, "billing", "bo");
        var ada = await ActorAsync(bench, "ada");

        Assert.True((await bench.Get<ChangeTeams>().EditAsync(
            Orders, new Profile("Orders & returns", "All of it", "orders@example.com"), ada, Cancellation)).IsOk);
        Assert.True((await bench.Get<ChangeMembers>().AddAsync(Orders, EntityRef.User("bo"), ada, Cancellation)).IsOk);
        var removed = await bench.Get<ChangeMembers>().RemoveAsync(Orders, EntityRef.User("bo"), ada, Cancellation);
        Assert.Equal(ErrorKind.Forbidden, removed.Error?.Kind);
        Assert.Equal(
            ErrorKind.Forbidden, (await bench.Get<ChangeTeams>().RemoveAsync(Orders, ada, Cancellation)).Error?.Kind);

        Assert.True((await bench.Get<ChangeMembers>().RemoveAsync(Orders, Ada, ada, Cancellation)).IsOk);
        Assert.Equal(
            ["Ada of orders"],
            (await bench.Get<ReadOrganisation>().PeopleAsync(new() { Search = "ada" }, root, Cancellation))
                .Value.Items.Select(p => p.Title));
        Assert.Empty((await bench.Get<People>().PersonAsync(Ada, Cancellation)).Groups);
    }

    /// <summary>Who may change every entry of the catalog is no administrator, and does not become one.</summary>
    [Fact]
    public async Task Member_OfTheTeamThatAdministers_IsNotMadeByWhoIsNone()
    {
        await using var bench = await OpenAsync();
        var root = await RootAsync(bench);
        await MakeAsync(bench, root, "platform");
        await MakeAsync(bench, root, "billing", "bo");
        await using var db = bench.Database.CreateDbContext();
        db.Add(new RoleGrant { Subject = "user:default/bo", Role = "owner", Scope = RoleGrant.Everywhere });
        db.Add(new RoleGrant { Subject = "user:default/bo", Role = "owner", Scope = "group:default/platform" });
        await db.SaveChangesAsync(Cancellation);
        bench.Get<Authorise>().Forget();
        var bo = await ActorAsync(bench, "bo");
        Assert.True(await bench.Get<Authorise>().MayAsync(bo, Permissions.CatalogChange, Orders, Cancellation));

        var itself = await bench.Get<ChangeMembers>().AddAsync(EntityRef.Group("platform"), bo.Ref, bo, Cancellation);

        Assert.Equal(ErrorKind.Forbidden, itself.Error?.Kind);
    }

    [Fact]
    public async Task Join_AskedAndAccepted_MakesAMember_AndIsAnsweredOnce()
    {
        await using var bench = await OpenAsync();
        var root = await RootAsync(bench);
        await MakeAsync(bench, root, "orders", "ada");
        await MakeAsync(bench, root, "billing", "bo");
        var (ada, bo) = (await ActorAsync(bench, "ada"), await ActorAsync(bench, "bo"));
        var join = bench.Get<JoinTeams>();

        var request = (await join.AskAsync(Orders, "Let me in", bo, Cancellation)).Value;
        Assert.Equal("join-request-open", (await join.AskAsync(Orders, null, bo, Cancellation)).Error?.Code);
        Assert.Equal(ErrorKind.Forbidden, (await join.AnswerAsync(request, true, bo, Cancellation)).Error?.Kind);
        Assert.Equal(ErrorKind.Forbidden, (await join.OfTeamAsync(Orders, 0, 50, bo, Cancellation)).Error?.Kind);
        var seen = Assert.Single((await join.OfTeamAsync(Orders, 0, 50, ada, Cancellation)).Value.Items);
        Assert.Equal((request, "Let me in", "Bo of billing"), (seen.Id, seen.Message, seen.PersonTitle));

        Assert.True((await join.AnswerAsync(request, true, ada, Cancellation)).IsOk);

        Assert.Contains(Orders, (await bench.Get<People>().PersonAsync(bo.Ref, Cancellation)).Groups);
        Assert.Equal(
            "join-request-not-found", (await join.AnswerAsync(request, false, ada, Cancellation)).Error?.Code);
        Assert.Equal("member-already", (await join.AskAsync(Orders, null, bo, Cancellation)).Error?.Code);
    }

    [Fact]
    public async Task Join_DeclinedOrWithdrawn_MakesNobodyAMember()
    {
        await using var bench = await OpenAsync();
        var root = await RootAsync(bench);
        await MakeAsync(bench, root, "orders", "ada");
        await MakeAsync(bench, root, "billing", "bo");
        var (ada, bo) = (await ActorAsync(bench, "ada"), await ActorAsync(bench, "bo"));
        var join = bench.Get<JoinTeams>();

        var declined = (await join.AskAsync(Orders, null, bo, Cancellation)).Value;
        Assert.True((await join.AnswerAsync(declined, false, ada, Cancellation)).IsOk);
        var withdrawn = (await join.AskAsync(Orders, null, bo, Cancellation)).Value;
        Assert.Equal(ErrorKind.NotFound, (await join.WithdrawAsync(withdrawn, ada, Cancellation)).Error?.Kind);
        Assert.True((await join.WithdrawAsync(withdrawn, bo, Cancellation)).IsOk);

        Assert.Empty((await join.MineAsync(bo, Cancellation)).Value);
        Assert.DoesNotContain(Orders, (await bench.Get<People>().PersonAsync(bo.Ref, Cancellation)).Groups);
    }

    [Fact]
    public async Task Person_Removed_IsInNoTeamAndHasNoRole_AlsoWhenTheNameComesBack()
    {
        await using var bench = await OpenAsync();
        var root = await RootAsync(bench);
        await MakeAsync(bench, root, "orders", "ada");
        // Named elsewhere, so that the team's own descriptor says it.
        await DescribeAsync(bench, "url:http://host/bo.yaml", "User", "bo");
        await bench.Get<ChangeMembers>().AddAsync(Orders, EntityRef.User("bo"), root, Cancellation);
        await MoveAsync(bench, "user:default/bo", OrganisationSource.Portal);
        await bench.Get<ChangePeople>().SetAdministratorAsync(EntityRef.User("bo"), true, root, Cancellation);

        Assert.True((await bench.Get<ChangePeople>().RemoveAsync(EntityRef.User("bo"), root, Cancellation)).IsOk);
        await bench.Get<ChangePeople>().CreateAsync(new NewPerson("bo", new Profile("Another")), root, Cancellation);
        await bench.Get<ChangeTeams>().EditAsync(Orders, new Profile("Changed"), root, Cancellation);

        var another = await ActorAsync(bench, "bo");
        Assert.Empty(another.Groups);
        Assert.False(await bench.Get<Authorise>().MayAsync(another, Permissions.Administer, null, Cancellation));
    }

    [Fact]
    public async Task Last_Administrator_IsNeitherRemovedNorTakenTheRole()
    {
        await using var bench = await OpenAsync();
        var root = await RootAsync(bench);

        foreach (var refused in new[]
        {
            await bench.Get<ChangePeople>().RemoveAsync(root.Ref, root, Cancellation),
            await bench.Get<ChangePeople>().SetAdministratorAsync(root.Ref, false, root, Cancellation),
        })
        {
            Assert.Equal("last-administrator", refused.Error?.Code);
        }
        Assert.True(await bench.Get<Authorise>().MayAsync(root, Permissions.Administer, null, Cancellation));
    }

    [Fact]
    public async Task Team_ThatOwnsSomething_IsNotRemoved()
    {
        await using var bench = await OpenAsync();
        var root = await RootAsync(bench);
        await MakeAsync(bench, root, "orders");
        await bench.Get<ICatalogWriter>().RegisterAsync(new RegisterDescriptor("""
            apiVersion: backstage.io/v1alpha1
            kind: Component
            metadata: { name: shop }
            spec: { type: service, lifecycle: production, owner: orders }
            """, "url:http://host/shop.yaml"), root, Cancellation);

        Assert.Equal("team-owns", (await bench.Get<ChangeTeams>().RemoveAsync(Orders, root, Cancellation)).Error?.Code);
    }

    [Fact]
    public async Task Change_OfWhatADescriptorElsewhereSays_SaysWhere()
    {
        await using var bench = await OpenAsync();
        var root = await RootAsync(bench);
        await DescribeAsync(bench, "url:http://host/teams.yaml", "Group", "orders");

        var edited = await bench.Get<ChangeTeams>().EditAsync(Orders, new Profile("Mine"), root, Cancellation);
        var joined = await bench.Get<JoinTeams>().AskAsync(Orders, null, root, Cancellation);
        var added = await bench.Get<ChangeMembers>().AddAsync(Orders, root.Ref, root, Cancellation);

        Assert.All([edited.Error, joined.Error, added.Error], e =>
        {
            Assert.Equal("changed-elsewhere", e?.Code);
            Assert.Contains("http://host/teams.yaml", e!.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Lists_OfManyTeams_ArePagedSearchedAndSortedByTheDatabase()
    {
        await using var bench = await OpenAsync();
        var root = await RootAsync(bench);
        for (var i = 0; i < 5; i++) await MakeAsync(bench, root, $"team{i}", i == 3 ? "ada" : null);
        var read = bench.Get<ReadOrganisation>();

        var second = (await read.TeamsAsync(new() { Offset = 2, Limit = 2 }, root, Cancellation)).Value;
        var largest = (await read.TeamsAsync(
            new() { Sort = OrganisationSort.Members, Descending = true, Limit = 1 }, root, Cancellation)).Value;
        var found = (await read.TeamsAsync(new() { Search = "TEAM4" }, root, Cancellation)).Value;

        Assert.Equal((5, "team2 team3"), (second.Total, string.Join(' ', second.Items.Select(t => t.Ref.Name))));
        Assert.Equal("team3", largest.Items.Single().Ref.Name);
        Assert.Equal("team4", found.Items.Single().Ref.Name);
    }

    private static IEnumerable<(string Name, Func<Task<Error?>> Change)> Changes(RunBench bench, Actor actor)
    {
        var (teams, persons) = (bench.Get<ChangeTeams>(), bench.Get<ChangePeople>());
        var (members, import) = (bench.Get<ChangeMembers>(), bench.Get<ImportPeople>());
        var profile = new Profile("Mine");
        yield return ("create team", async () =>
            (await teams.CreateAsync(new NewTeam("mine", profile), actor, Cancellation)).Error);
        yield return ("edit team", async () => (await teams.EditAsync(Orders, profile, actor, Cancellation)).Error);
        yield return ("remove team", async () => (await teams.RemoveAsync(Orders, actor, Cancellation)).Error);
        yield return ("create person", async () =>
            (await persons.CreateAsync(new NewPerson("mine", profile), actor, Cancellation)).Error);
        yield return ("edit person", async () => (await persons.EditAsync(Ada, profile, actor, Cancellation)).Error);
        yield return ("edit oneself", async () =>
            (await persons.EditAsync(EntityRef.User("bo"), profile, actor, Cancellation)).Error);
        yield return ("remove person", async () => (await persons.RemoveAsync(Ada, actor, Cancellation)).Error);
        yield return ("administrator", async () =>
            (await persons.SetAdministratorAsync(EntityRef.User("bo"), true, actor, Cancellation)).Error);
        yield return ("add member", async () =>
            (await members.AddAsync(Orders, EntityRef.User("bo"), actor, Cancellation)).Error);
        yield return ("remove member", async () => (await members.RemoveAsync(Orders, Ada, actor, Cancellation)).Error);
        yield return ("preview", async () => (await import.PreviewAsync("", actor, Cancellation)).Error);
        yield return ("import", async () => (await import.ImportAsync("", actor, Cancellation)).Error);
    }

    private Task<RunBench> OpenAsync() => RunBench.CreateAsync(postgres);

    /// <summary>An administrator by name.</summary>
    private static async Task<Actor> RootAsync(RunBench bench)
    {
        await bench.Get<People>().IssueTokenAsync(EntityRef.User("root"), Cancellation, administrator: true);
        return await ActorAsync(bench, "root");
    }

    private static Task<Actor> ActorAsync(RunBench bench, string person) =>
        bench.Get<People>().PersonAsync(EntityRef.User(person), Cancellation);

    private static async Task MakeAsync(RunBench bench, Actor root, string team, string? member = null)
    {
        var made = await bench.Get<ChangeTeams>().CreateAsync(
            new NewTeam(team, new Profile($"The {team}")), root, Cancellation);
        Assert.True(made.IsOk, made.Error?.ToString());
        if (member is null) return;
        var title = $"{char.ToUpperInvariant(member[0])}{member[1..]} of {team}";
        var person = await bench.Get<ChangePeople>().CreateAsync(
            new NewPerson(member, new Profile(title), [team]), root, Cancellation);
        Assert.True(person.IsOk, person.Error?.ToString());
    }

    private static async Task DescribeAsync(RunBench bench, string location, string kind, string name)
    {
        var registered = await bench.Get<ICatalogWriter>().RegisterAsync(new RegisterDescriptor($$"""
            apiVersion: backstage.io/v1alpha1
            kind: {{kind}}
            metadata: { name: {{name}} }
            spec: { type: team, children: [], memberOf: [] }
            """, "portal:elsewhere"), Actor.System, Cancellation);
        Assert.True(registered.IsOk, registered.Error?.ToString());
        await MoveAsync(bench, $"{kind.ToLowerInvariant()}:default/{name}", location);
    }

    private static async Task MoveAsync(RunBench bench, string key, string location)
    {
        await using var db = bench.Database.CreateDbContext();
        await db.Set<CatalogEntity>().Where(e => e.Key == key)
            .ExecuteUpdateAsync(s => s.SetProperty(e => e.Location, location), Cancellation);
    }

    private static async Task<(int, int, int, int)> CountAsync(RunBench bench)
    {
        await using var db = bench.Database.CreateDbContext();
        return (await db.Set<CatalogEntity>().CountAsync(Cancellation),
            await db.Set<CatalogRelation>().CountAsync(Cancellation),
            await db.Set<RoleGrant>().CountAsync(Cancellation), await db.Set<AuditEvent>().CountAsync(Cancellation));
    }
}
