using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Access;
using Portal.Core.Catalog;
using Portal.Core.Catalog.Organisation;
using Portal.Core.Entities;
using Portal.Core.Shared;
using Portal.TestKit.Postgres;
using Portal.Web.Catalog;
using Portal.Web.Organisation;
using Portal.Web.Tests.Pages;

namespace Portal.Web.Tests.Organisation;

/// <summary>Teams and people on their pages: pat administers, ada is in orders, sam in nothing.</summary>
public sealed class TeamPagesTests : PageTest
{
    private static readonly EntityRef Orders = EntityRef.Group("orders");

    public TeamPagesTests(PostgresFixture postgres)
        : base(postgres) => Services.AddSingleton<ReadTeamPage>();

    private static CancellationToken Cancellation => Xunit.TestContext.Current.CancellationToken;

    [Fact]
    public async Task Teams_AreListedWithTheirNumbers_AndOnlyAdministratorsCreateThem()
    {
        await MakeAsync();

        var page = Open<TeamsPage>("sam");
        Says(page, "Orders team");
        Assert.Contains("1 team", Text(page), StringComparison.Ordinal);
        Assert.DoesNotContain("Create team", Text(page), StringComparison.Ordinal);
        Assert.Contains("1", page.Find("td[data-label=Services]").TextContent, StringComparison.Ordinal);

        Says(Open<TeamsPage>("pat"), "Create team");
    }

    [Fact]
    public async Task Teams_Mine_AreMine()
    {
        await MakeAsync();
        Services.GetRequiredService<NavigationManager>().NavigateTo("/teams?show=mine");

        Says(Open<TeamsPage>("sam"), "You are in no team yet");
        Says(Open<TeamsPage>("ada"), "Orders team");
    }

    [Fact]
    public async Task CreateTeam_NameFollowsTheTitle_AndATakenOneIsSaidAtItsField()
    {
        await MakeAsync();
        var page = Open<NewTeamPage>("pat");
        await InputAsync(page, "Title", "Zürich – Orders");
        Assert.Equal("zurich-orders", Labelled(page, "Name").GetAttribute("value"));
        await InputAsync(page, "Name", "orders");

        await SubmitAsync(page);
        Says(page, "A team named orders exists already.");
        await InputAsync(page, "Name", "zurich");
        await SubmitAsync(page);

        page.WaitForState(() => At.EndsWith("/catalog/group/default/zurich", StringComparison.Ordinal));
    }

    [Fact]
    public void CreateTeam_BySomebodyElse_SaysWhoMay()
    {
        var page = Open<NewTeamPage>("sam");
        Says(page, "Only administrators create teams");
    }

    [Fact]
    public async Task CreateTeam_BySomebodyElseAllTheSame_IsRefused()
    {
        var page = Open<NewTeamPage>("sam");
        await InputAsync(page, "Title", "Mine");

        await SubmitAsync(page);

        Says(page, "You may not do this");
        await using var db = Db();
        Assert.False(await db.Set<CatalogEntity>().AnyAsync(e => e.Key == "group:default/mine", Cancellation));
    }

    [Fact]
    public async Task Team_ShowsItsMembersAndWhatItOwns_AndLetsWhoAsksIn()
    {
        await MakeAsync();
        await Services.GetRequiredService<JoinTeams>().AskAsync(
            Orders, "I work on it from Monday", await ActorAsync("sam"), Cancellation);

        var page = OpenEntity("ada", "group", "orders");
        Says(page, "1 request to join");
        Says(page, "I work on it from Monday");
        Says(page, "Ada Morgan");
        Assert.Contains("Costs this month", Text(page), StringComparison.Ordinal);
        await OnAsync(page, () => Button(page, "Accept"), e => e.ClickAsync());

        page.WaitForState(() => !HasButton(page, "Accept"));
        Assert.Contains(Orders, (await ActorAsync("sam")).Groups);
    }

    [Fact]
    public async Task Team_ToWhoLetsThemselvesIn_SaysThatTheyAreInIt()
    {
        await MakeAsync();
        await Services.GetRequiredService<JoinTeams>().AskAsync(Orders, null, await ActorAsync("pat"), Cancellation);
        var page = OpenEntity("pat", "group", "orders");
        Says(page, "You asked to join.");

        await OnAsync(page, () => Button(page, "Accept"), e => e.ClickAsync());

        Says(page, "Leave team");
        Assert.DoesNotContain("You asked to join.", Text(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Team_ToWhoIsNotInIt_ShowsNoRequests_AndTakesOne()
    {
        await MakeAsync();
        await Services.GetRequiredService<JoinTeams>().AskAsync(
            Orders, "A secret reason", await ActorAsync("sam"), Cancellation);

        var page = OpenEntity("kim", "group", "orders");
        Says(page, "Ada Morgan");
        Assert.DoesNotContain("A secret reason", Text(page), StringComparison.Ordinal);
        Assert.False(HasButton(page, "Remove"));
        var asking = OnAsync(page, () => Button(page, "Ask to join"), e => e.ClickAsync());
        page.WaitForState(() => page.FindAll("dialog form").Count == 1);
        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());
        await asking;

        Says(page, "You asked to join.");
        Assert.Equal(
            2, (await Services.GetRequiredService<JoinTeams>().OfTeamAsync(
                Orders, 0, 10, await ActorAsync("ada"), Cancellation)).Value.Total);
    }

    [Fact]
    public async Task Team_OfADescriptorElsewhere_SaysWhereItIsChanged()
    {
        await MakeAsync();
        await using (var db = Db())
        {
            await db.Set<CatalogEntity>().Where(e => e.Key == Orders.Key)
                .ExecuteUpdateAsync(s => s.SetProperty(e => e.Location, "url:http://host/teams.yaml"), Cancellation);
        }

        var page = OpenEntity("pat", "group", "orders");

        Says(page, "its descriptor is http://host/teams.yaml, change it there");
        Assert.False(HasButton(page, "Ask to join"));
        Assert.DoesNotContain("Edit", page.FindAll("a").Select(a => a.TextContent.Trim()));
    }

    [Fact]
    public async Task Edit_BySomebodyElse_IsRefused_AndByAMemberSaves()
    {
        await MakeAsync();
        var refused = OpenEdit("sam");
        Says(refused, "You don't have access");

        var page = OpenEdit("ada");
        await InputAsync(page, "Title", "Orders and returns");
        await SubmitAsync(page);

        page.WaitForState(() => At.EndsWith("/catalog/group/default/orders", StringComparison.Ordinal));
        await using var db = Db();
        Assert.Equal(
            "Orders and returns",
            (await db.Set<CatalogEntity>().SingleAsync(e => e.Key == Orders.Key, Cancellation)).Title);
    }

    [Fact]
    public async Task Person_ShowsTeamsAndWhatTheyDid_RolesToThemselvesAndAdministrators()
    {
        await MakeAsync();

        Says(OpenEntity("ada", "user", "ada"), "Roles");
        Says(OpenEntity("pat", "user", "ada"), "Make administrator");
        var page = OpenEntity("sam", "user", "ada");
        Says(page, "Orders team");
        Says(page, "Created lately");
        Assert.DoesNotContain("Roles", Text(page), StringComparison.Ordinal);
        Assert.False(HasButton(page, "Make administrator"));
    }

    [Fact]
    public async Task People_AreListedWithTheirTeams()
    {
        await MakeAsync();

        var page = Open<PeoplePage>("sam");

        Says(page, "Ada Morgan");
        Says(page, "Orders team");
        Says(page, "ada@example.test");
        Assert.DoesNotContain("Add person", Text(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_ShowsWhatItChanges_AsOneTypes_AndImportsAllOfIt()
    {
        await MakeAsync();
        var page = Open<ImportPage>("pat");
        await TypeAsync(page, "apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: {name: 'a b'}\n");
        Says(page, "line 3: metadata.name must be");
        Assert.True(page.Find("form button[type=submit]").HasAttribute("disabled"));

        await TypeAsync(page, "apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: {name: jane}\nspec: {memberOf: [orders]}\n");
        Says(page, "1 created, 0 changed, 0 as they are.");
        await OnAsync(page, () => page.Find("form"), e => e.SubmitAsync());

        page.WaitForState(() => At.EndsWith("/people", StringComparison.Ordinal));
        Assert.Contains(Orders, (await ActorAsync("jane")).Groups);
    }

    [Fact]
    public async Task RemoveSample_ByTheLastAdministrator_AsksWhoAdministersThen()
    {
        await Services.GetRequiredService<SampleOrganisation>().LoadAsync("""
            apiVersion: backstage.io/v1alpha1
            kind: Group
            metadata: { name: platform }
            spec: { type: team, children: [] }
            ---
            apiVersion: backstage.io/v1alpha1
            kind: User
            metadata: { name: chen }
            spec: { memberOf: [platform] }
            """, Cancellation);
        await using (var db = Db()) await db.Set<CatalogEntity>().Where(e => e.Kind == "User" && !e.IsSample)
            .ExecuteDeleteAsync(Cancellation);
        var page = Open<SampleNotice>("chen");

        var asking = OnAsync(page, () => Button(page, "Remove sample data"), e => e.ClickAsync());
        Says(page, "Nobody would be left who administers the portal.");
        await InputAsync(page, "Full name", "Jane Doe");
        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());
        await asking;

        Assert.False(await Services.GetRequiredService<SampleOrganisation>().IsThereAsync(Cancellation));
        Assert.True(await Services.GetRequiredService<Authorise>().MayAsync(
            await ActorAsync("jane-doe"), Permissions.Administer, null, Cancellation));
    }

    private IRenderedComponent<T> Open<T>(string person) where T : IComponent
    {
        SignIn(person);
        return Render<T>();
    }

    private IRenderedComponent<EntityPage> OpenEntity(string person, string kind, string name)
    {
        SignIn(person);
        return Render<EntityPage>(
            p => p.Add(e => e.Kind, kind).Add(e => e.Namespace, "default").Add(e => e.Name, name));
    }

    private IRenderedComponent<EditProfilePage> OpenEdit(string person)
    {
        SignIn(person);
        return Render<EditProfilePage>(
            p => p.Add(e => e.Kind, "group").Add(e => e.Namespace, "default").Add(e => e.Name, "orders"));
    }

    /// <summary>What opens it goes on only once it is closed.</summary>
    private static Task OpenDialogAsync<T>(IRenderedComponent<T> page, string button) where T : IComponent =>
        OnAsync(page, () => Button(page, button), e =>
        {
            e.Click();
            return Task.CompletedTask;
        });

    private static Task InputAsync<T>(IRenderedComponent<T> page, string label, string text) where T : IComponent =>
        OnAsync(page, () => Labelled(page, label), e => e.InputAsync(text));

    private static Task TypeAsync(IRenderedComponent<ImportPage> page, string text) =>
        OnAsync(page, () => page.Find("textarea"), e => e.InputAsync(text));

    private static Task SubmitAsync<T>(IRenderedComponent<T> page) where T : IComponent =>
        OnAsync(page, () => page.Find("form"), e => e.SubmitAsync());

    private Task<Actor> ActorAsync(string person) =>
        Services.GetRequiredService<People>().PersonAsync(EntityRef.User(person), Cancellation);

    private async Task MakeAsync()
    {
        var made = await Services.GetRequiredService<ImportPeople>().ImportAsync("""
            apiVersion: backstage.io/v1alpha1
            kind: Group
            metadata: { name: orders }
            spec: { type: team, children: [], profile: { displayName: Orders team } }
            ---
            apiVersion: backstage.io/v1alpha1
            kind: User
            metadata: { name: ada }
            spec: { memberOf: [orders], profile: { displayName: Ada Morgan, email: ada@example.test } }
            ---
            apiVersion: backstage.io/v1alpha1
            kind: User
            metadata: { name: sam }
            spec: { memberOf: [] }
            ---
            apiVersion: backstage.io/v1alpha1
            kind: User
            metadata: { name: kim }
            spec: { memberOf: [] }
            """, Actor.System, Cancellation);
        Assert.True(made.IsOk, made.Error?.ToString());
    }
}
