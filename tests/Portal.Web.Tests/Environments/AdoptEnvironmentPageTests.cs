using System.Text.Json.Nodes;
using Bunit;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Runs;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;
using Portal.Web.Environments;
using Portal.Web.Tests.Pages;

namespace Portal.Web.Tests.Environments;

public sealed class AdoptEnvironmentPageTests(PostgresFixture postgres) : PageTest(postgres)
{
    [Fact]
    public async Task Adopt_ChosenOne_ShowsWhatChangesFirstAndThenStartsTheRun()
    {
        SignIn("pat");
        var page = Render<AdoptEnvironmentPage>();
        Says(page, "Azure Deployment Environments, project shop");
        Says(page, "owner: orders");
        await OnAsync(page, () => Labelled(page, "orders-test"), e => e.ChangeAsync("on"));
        await OnAsync(page, () => Labelled(page, "Name"), e => e.ChangeAsync("test"));
        Assert.False(HasButton(page, "Adopt environment"));

        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        Says(page, "tags.portal-environment: added orders-test-xxxxxx");
        Says(page, "Nothing is recreated");
        Assert.Equal("owner=orders", Adoption.Tags["/groups/orders-test"]);
        await OnAsync(page, () => Button(page, "Adopt environment"), e => e.ClickAsync());
        page.WaitForState(() => At.Contains("/runs/", StringComparison.Ordinal));
        await using var db = Db();
        var input = JsonNode.Parse((await db.Set<Run>().SingleAsync()).Values)!;
        Assert.Equal(("local", "/groups/orders-test", "component:default/orders", "test"),
            (
                input["provider"]!.ToString(), input["externalId"]!.ToString(), input["component"]!.ToString(),
                input["name"]!.ToString()));
    }

    [Fact]
    public async Task Change_AfterThePlan_TakesItAway()
    {
        SignIn("pat");
        var page = Render<AdoptEnvironmentPage>();
        await OnAsync(page, () => Labelled(page, "orders-test"), e => e.ChangeAsync("on"));
        await OnAsync(page, () => Labelled(page, "Name"), e => e.ChangeAsync("test"));
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        Button(page, "Adopt environment");

        await OnAsync(page, () => Labelled(page, "Name"), e => e.ChangeAsync("other"));

        page.WaitForState(() => !HasButton(page, "Adopt environment"));
    }

    [Fact]
    public async Task Offer_WrongName_SaysSoAtTheField()
    {
        SignIn("pat");
        var page = Render<AdoptEnvironmentPage>();
        await OnAsync(page, () => Labelled(page, "orders-test"), e => e.ChangeAsync("on"));
        await OnAsync(page, () => Labelled(page, "Name"), e => e.ChangeAsync("Test!"));

        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        Says(page, "Use 1 to 30 lower-case letters");
        Assert.Equal("true", Labelled(page, "Name").GetAttribute("aria-invalid"));
    }

    [Fact]
    public void Show_MemberOfATeam_IsNotForThem()
    {
        SignIn("ada");
        var page = Render<AdoptEnvironmentPage>();

        Says(page, "You don't have access");
    }

    [Theory]
    [InlineData(Trouble.Refuses, Troubled.Words)]
    [InlineData(Trouble.Hangs, "local has not answered within 120 seconds.")]
    public async Task Show_ProviderIsDown_SaysSoAndTriesAgainWhenAsked(Trouble trouble, string words)
    {
        SignIn("pat");
        Break(trouble);
        var page = Render<AdoptEnvironmentPage>();
        Says(page, "Adopt environment");

        await SaysInTimeAsync(page, words);
        Break(Trouble.None);
        await OnAsync(page, () => Button(page, "Try again"), e => e.ClickAsync());

        Says(page, "orders-test");
    }
}
