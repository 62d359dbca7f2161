using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Portal.E2E.Tests.Browser;
using Portal.E2E.Tests.Hosting;
using Portal.E2E.Tests.Journeys;

namespace Portal.E2E.Tests.Pages;

/// <summary>Every page, in light and in dark: nothing that keeps somebody out, as axe finds it.</summary>
public sealed class AccessibilityTests(BrowserFixture browser, SharedPortal shared) : BrowserTest(browser)
{
    private readonly List<string> problems = [];

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task EveryPage_LightAndDark_HasNothingSerious(ColorScheme theme)
    {
        var portal = await shared.PortalAsync();
        var pages = await PagesAsync(portal);
        var anybody = await AnonymousAsync(portal, theme);
        await anybody.Page.GotoAsync("/sign-in");
        await LookAsync(anybody, "Who are you?");

        var ada = await SignInAsync(portal, theme: theme);
        foreach (var (path, heading) in pages)
        {
            await ada.GotoAsync(path);
            await LookAsync(ada, heading);
        }
        await LookAtRunsAsync(portal, ada, theme);
        await LookAtWizardAsync(ada);
        await ada.Page.GotoAsync("/no/such/page");
        await LookAsync(ada, "Page not found");
        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    /// <summary>
    /// One that waits, as its author and as who decides see it; one that failed, with the question before its undoing;
    /// its correction.
    /// </summary>
    private async Task LookAtRunsAsync(PortalHost portal, Visitor ada, ColorScheme theme)
    {
        shared.Templates.WriteApproval();
        shared.Templates.WriteCorrectable();
        using var client = await portal.ClientAsync("ada");
        await client.KnowsTemplateAsync(RunTemplates.Approval);
        var name = $"seen-{theme.ToString().ToLowerInvariant()}";
        var waiting = await client.StartAsync(RunTemplates.Approval, RunTemplates.Values($"{name}-asked"));
        var failed = await client.FailedAsync(name);

        await ada.GotoAsync($"/runs/{waiting}");
        await ada.Shows("Waiting").WaitForAsync();
        await LookAsync(ada, $"{name}-asked from Ask first");
        var ben = await SignInAsync(portal, "Ben Okafor", theme);
        await ben.GotoAsync($"/runs/{waiting}");
        await ben.Button("Approve").WaitForAsync();
        await LookAsync(ben, $"{name}-asked from Ask first");
        await ben.GotoAsync("/");
        await LookAsync(ben, "");

        await ada.GotoAsync($"/runs/{failed}");
        await ada.Button("Undo what it created").ClickAsync();
        await ada.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Textbox).WaitForAsync();
        await LookAsync(ada, $"{name} from Maintained");
        await ada.GotoAsync($"/runs/{failed}/retry");
        await LookAsync(ada, "Correct and retry");
        using var cancelled = await client.PostAsync($"/api/v1/runs/{waiting}/cancel", null);
        cancelled.EnsureSuccessStatusCode();
    }

    private async Task LookAtWizardAsync(Visitor ada)
    {
        await ada.ChooseTemplateAsync("Node HTTP service");
        await LookAsync(ada, "Node HTTP service");
        await ada.FillInAsync("No Such Name", "Orders team");
        await ada.Button("Review").ClickAsync();
        await ada.Page.GetByText("Use lower-case letters").First.WaitForAsync();
        await LookAsync(ada, "Node HTTP service");
        await ada.FillInAsync("looked-at", "Orders team");
        await ada.ReviewAsync();
        await LookAsync(ada, "Review: Node HTTP service");
    }

    private async Task<List<(string Path, string Heading)>> PagesAsync(PortalHost portal)
    {
        var run = await shared.HandbookAsync();
        using var client = await portal.ClientAsync("ada");
        var environments =
            await client.GetFromJsonAsync<JsonObject>("/api/v1/environments?component=component:default/handbook");
        var dev = environments!["items"]![0]!;
        return
        [
            ("/", ""), ("/create", "Create"), ("/templates/default/static-site", "Static site"),
            ("/actions", "Actions"), ("/runs", "Runs"),
            ($"/runs/{run["run"]!["id"]}", ""), ("/catalog", "Catalog"), ("/catalog/component/default/handbook", ""),
            ("/catalog/component/default/handbook?tab=relations", ""),
            ("/catalog/component/default/handbook?tab=descriptor", ""),
            ("/catalog/group/default/orders", "Orders team"), ("/catalog/user/default/ada", "Ada Morgan"),
            ("/environments", "Environments"), ("/environments/new", "Request environment"),
            ($"/environments/{dev["id"]}", "handbook dev"),
            ($"/pipelines/{dev["pipelineRunId"]}", "handbook #1"), ("/costs", "Costs"), ("/activity", "Activity"),
            ("/catalog/discovery", "Discovery"), ("/providers", "Providers"),
            ("/teams", "Teams"), ("/people", "People"), ("/teams/new", "Create team"), ("/people/new", "Add person"),
            ("/people/import", "Import people and teams"), ("/admin", "You don't have access"),
            ("/catalog/group/default/orders/edit", "Edit Orders team"), ("/access-tokens", "Access tokens"),
            ("/dev/controls", "Controls"),
        ];
    }

    /// <param name="heading">What the page must be headed with, so that no error page is looked at instead.</param>
    private async Task LookAsync(Visitor visitor, string heading)
    {
        var where = new Uri(visitor.Page.Url).PathAndQuery;
        var title = visitor.Page.GetByRole(AriaRole.Heading, new() { Level = 1 });
        try
        {
            await title.Filter(new() { HasText = heading }).WaitForAsync(new() { Timeout = 8_000 });
        }
        catch (TimeoutException)
        {
            problems.Add(
                $"{where}: no heading '{heading}' but '{string.Join(", ", await title.AllInnerTextsAsync())}'");
        }
        var found = await visitor.Page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
        problems.AddRange(found.Violations.Where(v => v.Impact is "serious" or "critical").Select(v =>
            $"{where}: {v.Impact} {v.Id}: {v.Help}\n{string.Join('\n', v.Nodes.Take(4).Select(n => "    " + n.Html + " " + n.Any.FirstOrDefault()?.Message))}"));
    }
}
