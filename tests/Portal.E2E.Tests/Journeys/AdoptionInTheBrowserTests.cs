using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Core.Catalog;
using Portal.Core.Costs.Billing;
using Portal.Core.Data;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.E2E.Tests.Browser;
using Portal.E2E.Tests.Hosting;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;

namespace Portal.E2E.Tests.Journeys;

/// <summary>
/// A provider beside Local that has something to adopt and bills for it, from the list to giving it back.
/// </summary>
public sealed class AdoptionInTheBrowserTests : BrowserTest
{
    private readonly PostgresFixture postgres;
    private readonly FakeHost azure = new("azure");
    private readonly FakeBills bills = new("azure");
    private readonly List<string> problems = [];
    private readonly FakeAdoption adoption;

    public AdoptionInTheBrowserTests(BrowserFixture browser, PostgresFixture postgres) : base(browser) =>
        (this.postgres, adoption) = (postgres, new FakeAdoption(azure));

    [Fact]
    public async Task Adopt_ThenSeeItsBill_ThenRelease()
    {
        await using var portal = await PortalHost.StartAsync(postgres, services => services
            .AddSingleton<IProvider>(azure).AddSingleton<IProvider>(adoption).AddSingleton<IProvider>(bills));
        await RegisterAsync(portal);
        var chen = await SignInAsync(portal, "Chen Wei");

        await chen.GotoAsync("/environments?show=all");
        await chen.Link("Adopt environment").ClickAsync();
        await chen.Heading("Adopt environment").WaitForAsync();
        await chen.Page.GetByRole(AriaRole.Radio, new() { Name = "orders-test" }).CheckAsync();
        await chen.Choice("Service that it belongs to").SelectOptionAsync("ledger");
        await chen.TextBox("Name").FillAsync("test");
        await LookAsync(chen);
        await chen.Button("Show what adopting changes").ClickAsync();
        await chen.Page.GetByText("tags.portal-environment: added ledger-test-xxxxxx").WaitForAsync();
        await LookAsync(chen);
        await chen.Button("Adopt environment").ClickAsync();
        await chen.Page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("environments.ledger-test-") })
            .ClickAsync();
        await chen.Heading("ledger test").WaitForAsync();
        await chen.About.GetByText("/groups/orders-test").WaitForAsync();
        await LookAsync(chen);

        await BillAsync(portal);
        await chen.GotoAsync("/costs");
        await chen.Page.GetByRole(AriaRole.Row, new() { Name = "ledger" }).GetByText("4.20").WaitForAsync();
        await LookAsync(chen);

        await chen.GotoAsync($"/environments/{await IdAsync(portal)}");
        await chen.Button("Release").ClickAsync();
        await LookAsync(chen);
        await chen.Button("Release environment").ClickAsync();
        await chen.Heading("Environments").WaitForAsync();
        Assert.Equal("owner=orders", adoption.Tags["/groups/orders-test"]);
        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    private static async Task RegisterAsync(PortalHost portal)
    {
        const string ledger = """
            apiVersion: backstage.io/v1alpha1
            kind: Component
            metadata: { name: ledger }
            spec: { type: service, lifecycle: production, owner: orders }
            """;
        var registered = await portal.Services.GetRequiredService<ICatalogWriter>().RegisterAsync(
            new RegisterDescriptor(ledger, "url:ledger", "azure", "orders/ledger"), OrdersService.Pat,
            CancellationToken.None);
        Assert.True(registered.IsOk, registered.Error?.ToString());
    }

    private async Task BillAsync(PortalHost portal)
    {
        var day = DateOnly.FromDateTime(portal.Time.GetUtcNow().UtcDateTime);
        bills.Add(day, 4.2m, await IdAsync(portal));
        bills.Add(day, 1m, null, scope: "rg-shared", service: "Virtual Network");
        // The job may have been there before the bill was.
        await new ReadBills(
            portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>(),
            portal.Services.GetRequiredService<ProviderRegistry>(), new BillReadings(), portal.Time,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<ReadBills>.Instance).ExecuteAsync(
                CancellationToken.None);
    }

    private static async Task<string> IdAsync(PortalHost portal)
    {
        await using var db =
            await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        return await db.Set<PortalEnvironment>().Where(e => e.AdoptedFrom != null).Select(e => e.Id).SingleAsync();
    }

    private async Task LookAsync(Visitor visitor)
    {
        var found = await visitor.Page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
        problems.AddRange(found.Violations.Where(v => v.Impact is "serious" or "critical").Select(v =>
            $"{visitor.Page.Url}: {v.Impact} {v.Id}: {v.Help}\n{string.Join('\n', v.Nodes.Take(4).Select(n => "    " + n.Html))}"));
    }
}
