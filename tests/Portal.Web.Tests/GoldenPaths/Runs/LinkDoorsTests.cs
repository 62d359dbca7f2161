using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Access;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;
using Portal.Web.Controls;
using Portal.Web.GoldenPaths.Runs;
using Portal.Web.Tests.Pages;

namespace Portal.Web.Tests.GoldenPaths.Runs;

/// <summary>What a run's page leads to does not refuse who looks at it.</summary>
public sealed class LinkDoorsTests : PageTest
{
    private static readonly Actor Ada = new(EntityRef.User("ada"), "Ada", [EntityRef.Group("orders")]);
    private static readonly Actor Stranger = new(EntityRef.User("zoe"), "Zoe", []);
    private static readonly string Portal = new FakeAddress().Url;

    public LinkDoorsTests(PostgresFixture postgres)
        : base(postgres) => Services.AddScoped<LinkDoors>();

    [Fact]
    public async Task Links_WhereEverybodySeesTheirOwnAlone_AreLinksForTheirOwnersAlone()
    {
        await AddAsync(OrdersService.Environment("dev", "local", Now));
        await using (var db = Db())
        {
            await db.Set<RoleGrant>().ExecuteUpdateAsync(s => s.SetProperty(
                g => g.Scope, g => g.Subject == RoleGrant.Everybody ? RoleGrant.Owned : g.Scope));
        }

        // A changed grant takes some seconds to count.
        Clock.Advance(TimeSpan.FromSeconds(11));

        var (mine, theirs) = (await LinksAsync(Ada), await LinksAsync(Stranger));

        Assert.All(mine.Where(l => !l.IsRepository), l => Assert.Null(l.WhyNot));
        Assert.Equal(
            [false, false, true, true],
            theirs.Where(l => !l.IsRepository).Select(l => l.WhyNot is null));
        Assert.Equal(["Repository", "Clone"], theirs.Where(l => l.IsRepository).Select(l => l.Title));
    }

    [Fact]
    public async Task Texts_LinksThatRefuseWhoReads_StayWords()
    {
        var text = $"See [the code]({Portal}/git/orders/orders.git), [it](/environments/none) and "
            + "[the docs](https://example.org).";

        var closed = await Services.GetRequiredService<LinkDoors>().ClosedAsync([text], Ada, CancellationToken.None);
        var html = MarkdownHtml.Of(text, closed: closed);

        Assert.Equal([$"{Portal}/git/orders/orders.git", "/environments/none"], closed.Order(StringComparer.Ordinal)
            .Reverse());
        Assert.Contains("See the code, it and <a href=\"https://example.org\"", html, StringComparison.Ordinal);
    }

    private Task<IReadOnlyList<ShownLink>> LinksAsync(Actor who) =>
        Services.GetRequiredService<LinkDoors>().OfAsync(
            [
                new OutputLink("Environment", "/environments/orders-dev-000000", null, null),
                new OutputLink("Catalog entry", null, "component:default/orders", "catalog"),
                new OutputLink("The service", "http://127.3.4.2:20000", null, "web"),
                new OutputLink("Docs", "/costs", null, null),
                new OutputLink("Repository", "http://local/git/orders/orders.git", null, "git"),
                new OutputLink("Clone", $"{Portal}/git/orders/orders.git", null, null),
            ], who, CancellationToken.None);
}
