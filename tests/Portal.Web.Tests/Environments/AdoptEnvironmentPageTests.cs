using System.Text.Json.Nodes;
using Bunit;
using Microsoft.EntityFrameworkCore;
using Portal.Core.GoldenPaths.Runs;
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
        Labelled(page, "orders-test").Change("on");
        Labelled(page, "Name").Change("test");
        Assert.False(HasButton(page, "Adopt environment"));

        await page.Find("form").SubmitAsync();

        Says(page, "tags.portal-environment: added orders-test-xxxxxx");
        Says(page, "Nothing is made anew");
        Assert.Equal("owner=orders", Adoption.Tags["/groups/orders-test"]);
        await Button(page, "Adopt environment").ClickAsync();
        page.WaitForState(() => At.Contains("/runs/", StringComparison.Ordinal));
        await using var db = Db();
        var input = JsonNode.Parse((await db.Set<Run>().SingleAsync()).Values)!;
        Assert.Equal(("local", "/groups/orders-test", "component:default/orders", "test"),
            (input["provider"]!.ToString(), input["externalId"]!.ToString(), input["component"]!.ToString(), input["name"]!.ToString()));
    }

    [Fact]
    public async Task Change_AfterThePlan_TakesItAway()
    {
        SignIn("pat");
        var page = Render<AdoptEnvironmentPage>();
        Labelled(page, "orders-test").Change("on");
        Labelled(page, "Name").Change("test");
        await page.Find("form").SubmitAsync();
        Button(page, "Adopt environment");

        Labelled(page, "Name").Change("other");

        page.WaitForState(() => !HasButton(page, "Adopt environment"));
    }

    [Fact]
    public async Task Offer_WrongName_SaysSoAtTheField()
    {
        SignIn("pat");
        var page = Render<AdoptEnvironmentPage>();
        Labelled(page, "orders-test").Change("on");
        Labelled(page, "Name").Change("Test!");

        await page.Find("form").SubmitAsync();

        Says(page, "Use 1 to 30 lower-case letters");
        Assert.Equal("true", Labelled(page, "Name").GetAttribute("aria-invalid"));
    }

    [Fact]
    public void Show_MemberOfATeam_IsNotForThem()
    {
        SignIn("ada");
        var page = Render<AdoptEnvironmentPage>();

        Says(page, "Not for you");
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
        await Button(page, "Try again").ClickAsync();

        Says(page, "orders-test");
    }
}
