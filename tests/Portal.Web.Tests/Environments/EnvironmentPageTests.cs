using Bunit;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;
using Portal.Web.Environments;
using Portal.Web.Shared;
using Portal.Web.Tests.Pages;

namespace Portal.Web.Tests.Environments;

public sealed class EnvironmentPageTests(PostgresFixture postgres) : PageTest(postgres)
{
    private const string Group = "/groups/orders-test";

    protected override bool HasBills => true;

    [Fact]
    public async Task Show_MadeByThePortal_SaysKindProviderAndThatThePriceIsAnEstimate()
    {
        var page = await OpenAsync(OrdersService.Environment("dev", "local", Now));

        Assert.Equal(("Process", "local (Fake)"), (Value(page, "Kind"), Value(page, "Provider")));
        Assert.EndsWith("(estimate)", Value(page, "Price"), StringComparison.Ordinal);
        Assert.False(HasButton(page, "Release"));
    }

    [Fact]
    public async Task Show_ProviderIsNotSetUpAnyMore_SaysSo()
    {
        var page = await OpenAsync(OrdersService.Environment("dev", "azure-old", Now));

        Assert.Equal("azure-old (not set up any more)", Value(page, "Provider"));
        Says(page, "Its provider 'azure-old' is not set up any more");
    }

    [Fact]
    public async Task Show_Adopted_SaysFromWhatAndWhoBills()
    {
        var page = await OpenAsync(OrdersService.Environment("test", "local", Now, Group));

        Assert.Equal((Group, "billed by the provider"), (Value(page, "Adopted from"), Value(page, "Price")));
        Assert.True(HasButton(page, "Release"));
    }

    [Fact]
    public async Task Destroy_Adopted_WarnsAndAsksForItsName()
    {
        var row = OrdersService.Environment("test", "local", Now, Group);
        var page = await OpenAsync(row);

        var asking = OnAsync(page, () => Button(page, "Destroy"), e => e.ClickAsync());
        Says(page, "The portal did not make it.");
        Assert.True(Confirm(page).HasAttribute("disabled"));
        Assert.DoesNotContain("destroy environment", Host.Changes);

        await page.InvokeAsync(() => page.Find("dialog input").Input("test"));
        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());
        await asking;

        Assert.Contains("destroy environment", Host.Changes);
        await using var db = Db();
        Assert.Equal((EnvironmentStatus.Destroyed, false), (await db.Set<PortalEnvironment>().SingleAsync()) is var gone ? (gone.Status, gone.IsReleased) : default);
    }

    [Fact]
    public async Task Release_Adopted_SaysWhatStays()
    {
        var page = await OpenAsync(OrdersService.Environment("test", "local", Now, Group));

        _ = OnAsync(page, () => Button(page, "Release"), e => e.ClickAsync());

        Says(page, "It goes on running at local as it is.");
    }

    [Fact]
    public async Task Show_HostHangs_PageIsWholeAndTheLogSaysSo()
    {
        Break(Trouble.Hangs);
        var page = await OpenAsync(OrdersService.Environment("dev", "local", Now), "Skeleton");

        await SaysInTimeAsync(page, LiveLog.Slow);

        Assert.Equal("Process", Value(page, "Kind"));
        Button(page, "Destroy");
        await SaysInTimeAsync(page, "local has not answered within 30 seconds.");
    }

    [Fact]
    public async Task Show_HostIsDown_PageIsWholeAndTheLogSaysSo()
    {
        Break(Trouble.Refuses);
        var page = await OpenAsync(OrdersService.Environment("dev", "local", Now));

        Says(page, Troubled.Words);
        Assert.Equal("Process", Value(page, "Kind"));
    }

    private async Task<IRenderedComponent<EnvironmentPage>> OpenAsync(PortalEnvironment row, string? until = null)
    {
        row.Follow(new EnvironmentInfo(
            row.Id, row.Name, new RepositoryName("orders", "orders"), EnvironmentStatus.Running, "http://localhost:4711", null, null, row.Size, null, 0, null, Now, Now));
        await AddAsync(row);
        SignIn("pat");
        var page = Render<EnvironmentPage>(p => p.Add(e => e.Id, row.Id));
        if (until is null) Says(page, "Asked for by");
        return page;
    }

    private static AngleSharp.Dom.IElement Confirm(IRenderedComponent<EnvironmentPage> page) => page.Find("dialog button[type=submit]");

    private static string Value(IRenderedComponent<EnvironmentPage> page, string key) =>
        page.FindAll("dt").Single(d => d.TextContent.Trim() == key).NextElementSibling!.TextContent.Trim();
}
