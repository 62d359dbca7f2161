using System.Text.Json.Nodes;
using Bunit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Access;
using Portal.Core.Shared;
using Portal.TestKit.Postgres;
using Portal.Web.GoldenPaths.Wizard;
using Portal.Web.Governance;
using Portal.Web.Tests.Pages;

namespace Portal.Web.Tests.Governance;

/// <summary>Who may not send a form hears so before filling it in, and who may.</summary>
public sealed class MayNotSendTests : PageTest
{
    public MayNotSendTests(PostgresFixture postgres)
        : base(postgres) => Services.AddScoped<TeamOfForm>();

    [Fact]
    public void Show_WhoMay_SaysNothing()
    {
        SignIn("ada");

        Assert.Equal("", Show(Permissions.TemplateRun, null).Markup.Trim());
        Assert.Equal("", Show(Permissions.EnvironmentChange, EntityRef.Group("orders")).Markup.Trim());
    }

    [Fact]
    public void Show_SomebodyElsesThing_NamesItsOwnersAndWhoMayEverywhere()
    {
        SignIn("ada");

        var page = Show(Permissions.EnvironmentChange, EntityRef.Group("billing"));

        Says(page, "You may not");
        Assert.Equal(
            ["/catalog/group/default/billing", "/catalog/group/default/platform"],
            page.FindAll("a").Select(a => a.GetAttribute("href")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Show_WhoMayNotCreate_NamesWhoMay()
    {
        await using (var db = Db())
        {
            await db.Set<RolePermission>().Where(p => p.Role == "member" && p.Permission == Permissions.TemplateRun)
                .ExecuteDeleteAsync();
        }
        // A changed role takes some seconds to count.
        Clock.Advance(TimeSpan.FromSeconds(11));
        SignIn("ada");

        var page = Show(Permissions.TemplateRun, null);

        Says(page, "You may not");
        Assert.Equal("platform", page.Find("a").TextContent);
    }

    [Fact]
    public async Task OfOthers_TeamThatOneIsNotIn_IsToldAndOnesOwnIsNot()
    {
        SignIn("ada");
        var teams = Services.GetRequiredService<TeamOfForm>();

        Assert.Null(await teams.OfOthersAsync(Values("group:default/orders"), CancellationToken.None));
        Assert.Null(await teams.OfOthersAsync([], CancellationToken.None));
        Assert.Equal(
            EntityRef.Group("billing"),
            await teams.OfOthersAsync(Values("group:default/billing"), CancellationToken.None));
    }

    private static JsonObject Values(string owner) => new() { ["name"] = "shop", ["owner"] = owner };

    private IRenderedComponent<MayNotSend> Show(string permission, EntityRef? owner) =>
        Render<MayNotSend>(p => p
            .Add(m => m.Title, "You may not").Add(m => m.Permission, permission).Add(m => m.Owner, owner));
}
