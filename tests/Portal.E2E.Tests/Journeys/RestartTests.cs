using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Core.Providers;
using Portal.E2E.Tests.Browser;
using Portal.E2E.Tests.Hosting;

namespace Portal.E2E.Tests.Journeys;

/// <summary>A portal that is started again under its users.</summary>
public sealed class RestartTests(BrowserFixture browser, OwnPortal own) : BrowserTest(browser), IClassFixture<OwnPortal>
{
    private const string Name = "field-notes";

    [Fact]
    public async Task Create_PortalStartedAgainWhileTypingAndWhileRunning_LosesNothingAndMakesEachThingOnce()
    {
        var portal = await own.PortalAsync();
        var ada = await SignInAsync(portal);
        await ada.ChooseTemplateAsync("Static site");
        await ada.FillInAsync(Name, "Orders team");
        await ada.TextBox("Description").FillAsync("What we saw outside.");
        await ada.Page.GetByRole(AriaRole.Status).GetByText("Draft saved").WaitForAsync();

        await StartAgainAsync(portal, ada);

        Assert.Equal(Name, await ada.TextBox("Name").InputValueAsync());
        Assert.Equal("group:default/orders", await ada.Choice("Owner").InputValueAsync());
        Assert.Equal("What we saw outside.", await ada.TextBox("Description").InputValueAsync());

        await ada.ReviewAsync();
        await ada.CreateAsync();
        await ada.Page.GetByRole(AriaRole.List, new() { Name = "Steps", Exact = true }).GetByRole(AriaRole.Listitem)
            .Filter(new() { HasText = "Run the pipeline" }).Filter(new() { HasText = "Running" })
            .WaitForAsync(new() { Timeout = 60_000 });

        await StartAgainAsync(portal, ada);

        await ada.EndsWellAsync();
        await AssertMadeOnceAsync(portal);
    }

    /// <summary>Nobody reloads the page: it comes back by itself.</summary>
    private static async Task StartAgainAsync(PortalHost portal, Visitor ada)
    {
        ada.ForgetPage();
        await portal.StopAsync();
        await portal.StartAgainAsync();
        await ada.AnswersAsync();
    }

    private static async Task AssertMadeOnceAsync(PortalHost portal)
    {
        var repository = Assert.Single(
            await portal.Services.GetRequiredService<IRepositoryHost>().ListAsync(CancellationToken.None));
        Assert.Equal(Name, repository.Name.Name);
        _ = Assert.Single(await portal.Services.GetRequiredService<IPipelineHost>().ListAsync(
            repository.Name, 10, CancellationToken.None));
        _ = Assert.Single(
            await portal.Services.GetRequiredService<IEnvironmentHost>().ListAsync(CancellationToken.None));
        using var client = await portal.ClientAsync("ada");
        var environments = await client.GetFromJsonAsync<JsonObject>(
            $"/api/v1/environments?component=component:default/{Name}&destroyed=true");
        Assert.Equal(1, environments!["total"]!.GetValue<int>());
    }
}
