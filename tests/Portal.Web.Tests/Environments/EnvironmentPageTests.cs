using Bunit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Runs;
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
        var submitting = page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());
        await ExecuteNextRunAsync();
        await submitting;
        await asking;

        Assert.Contains("destroy environment", Host.Changes);
        await using var db = Db();
        Assert.Equal(
            (EnvironmentStatus.Destroyed, false),
            (await db.Set<PortalEnvironment>().SingleAsync()) is var gone ? (gone.Status, gone.IsReleased) : default);
    }

    [Fact]
    public async Task Stop_Pressed_FollowsItsRunAndShowsTheResultInPlace()
    {
        var page = await OpenAsync(OrdersService.Environment("dev", "local", Now));

        var pressing = OnAsync(page, () => Button(page, "Stop"), e => e.ClickAsync());
        Says(page, "It is being done: follow the run.");
        var run = await ExecuteNextRunAsync();
        await pressing;

        Says(page, "Stopped");
        Button(page, "Start");
        Assert.Equal(
            PortalUrls.Run(run.Id),
            page.FindAll("th a").Single(a => a.TextContent == "Stop environment dev of orders").GetAttribute("href"));
        Assert.DoesNotContain("It is being done", Text(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_HostRefuses_SaysWhyAndLinksTheRun()
    {
        var page = await OpenAsync(OrdersService.Environment("dev", "local", Now));
        Host.OnOperation = _ => throw ProviderException.Invalid("no-room", "There is no room.");

        var pressing = OnAsync(page, () => Button(page, "Stop"), e => e.ClickAsync());
        var run = await ExecuteNextRunAsync();
        await pressing;

        Says(page, $"There is no room. More at /runs/{run.Id}.");
        Assert.Contains(page.FindAll("[role=alert] a"), a => a.GetAttribute("href") == $"/runs/{run.Id}");
        Button(page, "Stop");
    }

    [Fact]
    public async Task Stop_WhileSomethingElseIsUnderWay_SaysWhat()
    {
        var row = OrdersService.Environment("dev", "local", Now);
        var page = await OpenAsync(row);
        var other = (await Services.GetRequiredService<ControlEnvironment>().ExecuteAsync(
            row.Id, OperationRequest.Extend(null), OrdersService.Pat, CancellationToken.None)).Value;

        await OnAsync(page, () => Button(page, "Stop"), e => e.ClickAsync());

        Says(page, $"Extend environment dev of orders is under way (/runs/{other}).");
    }

    [Fact]
    public async Task Show_ThePortalCouldNotDestroyIt_SaysWhyAndThatItTriesAgain()
    {
        var row = OrdersService.Environment("dev", "local", Now);
        var run = new Run
        {
            Title = "Destroy environment dev of orders", Subject = $"environment:{row.Id}", Spec = "{}", Values = "{}",
            CreatedBy = Actor.System.Ref.ToString(), Owner = row.Owner, CreatedAt = Now,
        };
        run.Take(Guid.NewGuid(), Now);
        run.Fail("There is no way.", Now);
        await AddAsync(run);

        var page = await OpenAsync(row);

        Says(page, "Destroy environment dev of orders: it could not be done yet.");
        Says(page, "There is no way. The portal tries again");
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
        var info = new EnvironmentInfo(
            row.Id, row.Name, new RepositoryName("orders", "orders"), EnvironmentStatus.Running,
            "http://localhost:4711", null, null, row.Size, null, 0, null, Now, Now);
        if (row.Provider == Host.Instance) Host.Have(info);
        row.Follow(info);
        await AddAsync(row);
        SignIn("pat");
        var page = Render<EnvironmentPage>(p => p.Add(e => e.Id, row.Id));
        if (until is null) Says(page, "Asked for by");
        return page;
    }

    private static AngleSharp.Dom.IElement Confirm(IRenderedComponent<EnvironmentPage> page) =>
        page.Find("dialog button[type=submit]");

    private static string Value(IRenderedComponent<EnvironmentPage> page, string key) =>
        page.FindAll("dt").Single(d => d.TextContent.Trim() == key).NextElementSibling!.TextContent.Trim();
}
