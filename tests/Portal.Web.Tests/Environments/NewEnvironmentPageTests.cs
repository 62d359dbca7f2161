using System.Text.Json.Nodes;
using AngleSharp.Dom;
using Bunit;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;
using Portal.Web.Environments;
using Portal.Web.Tests.Pages;
using PlannedChange = Portal.Core.Providers.PlannedChange;

namespace Portal.Web.Tests.Environments;

public sealed class NewEnvironmentPageTests(PostgresFixture postgres) : PageTest(postgres)
{
    [Fact]
    public async Task Show_DefinitionWithParameters_AsksForThemAndNamesWhatIsWrongAtTheField()
    {
        HasDatabases();
        var page = Open();
        await OnAsync(page, () => Labelled(page, "Database"), e => e.ChangeAsync("on"));
        await OnAsync(page, () => Labelled(page, "Name"), e => e.InputAsync("dev"));
        Says(page, "Fix the highlighted fields");
        Assert.NotEqual("true", Labelled(page, "Version").GetAttribute("aria-invalid"));

        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        page.WaitForState(() => Labelled(page, "Version").GetAttribute("aria-invalid") == "true");
        Says(page, "Version is required.");
        Assert.Equal("30", Labelled(page, "Days that backups are kept").GetAttribute("value"));
    }

    [Fact]
    public async Task Create_WithParameters_StartsARunThatHasThem()
    {
        HasDatabases();
        var page = Open();
        await OnAsync(page, () => Labelled(page, "Database"), e => e.ChangeAsync("on"));
        await OnAsync(page, () => Labelled(page, "Name"), e => e.InputAsync("dev"));
        await OnAsync(page, () => Labelled(page, "Version"), e => e.ChangeAsync("1"));
        Says(page, "Provided by");

        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        page.WaitForState(() => At.Contains("/runs/", StringComparison.Ordinal));
        await using var db = Db();
        var input = JsonNode.Parse((await db.Set<Run>().SingleAsync()).Values)!;
        Assert.Equal(("database", "17", 30), (
            input["definition"]!.ToString(), input["parameters"]!["version"]!.ToString(),
            (int)input["parameters"]!["backups"]!));
    }

    [Fact]
    public async Task Ask_HostThatCanTell_ShowsWhatItWouldChange()
    {
        Host.Plan = new EnvironmentPlan([new PlannedResource(
            PlannedChange.Modify, "Microsoft.App/containerApps", "orders",
            ["tags.owner: payments → orders"])], "Roles are not looked at.");
        var page = await OpenNamedAsync();
        Assert.Empty(Host.Planned);

        await OnAsync(page, () => Button(page, "Ask local"), e => e.ClickAsync());

        Says(page, "tags.owner: payments → orders");
        Says(page, "Roles are not looked at.");
        Assert.Equal("Change", page.Find(".host-plan tbody td").TextContent.Trim());
        await OnAsync(page, () => Labelled(page, "Name"), e => e.InputAsync("dev2"));
        Button(page, "Ask local");
    }

    [Fact]
    public async Task Ask_HostThatCannotTell_TakesTheSectionAway()
    {
        var page = await OpenNamedAsync();

        await OnAsync(page, () => Button(page, "Ask local"), e => e.ClickAsync());

        page.WaitForState(() => page.FindAll(".host-plan").Count == 0);
        Says(page, "Create environment");
    }

    [Fact]
    public async Task Ask_HostIsDown_SaysSoThereAndKeepsTheForm()
    {
        var page = await OpenNamedAsync();
        Break(Trouble.Refuses);

        await OnAsync(page, () => Button(page, "Ask local"), e => e.ClickAsync());

        Says(page, Troubled.Words);
        Button(page, "Create environment");
    }

    [Fact]
    public async Task Ask_HostHangs_IsLeftInTimeAndKeepsTheForm()
    {
        var page = await OpenNamedAsync();
        Break(Trouble.Hangs);

        var asking = OnAsync(page, () => Button(page, "Ask local"), e => e.ClickAsync());
        Says(page, "Asking local …");
        Button(page, "Create environment");

        await SaysInTimeAsync(page, "local has not answered within 120 seconds.");
        await asking;
        Button(page, "Ask local");
    }

    private void HasDatabases() => Host.Definitions =
    [
        Host.Definitions[0],
        new EnvironmentDefinition("database", "Database", "Stands by itself.", Host.Definitions[0].Sizes, JsonNode.Parse("""
            {
              "type": "object", "required": ["version"],
              "properties": {
                "version": { "type": "string", "title": "Version", "enum": ["16", "17"] },
                "backups": { "type": "integer", "title": "Days that backups are kept", "minimum": 1, "default": 30 }
              }
            }
            """)!.AsObject(), RunsVersion: false),
    ];

    private IRenderedComponent<NewEnvironmentPage> Open()
    {
        SignIn("ada");
        return Render<NewEnvironmentPage>();
    }

    private async Task<IRenderedComponent<NewEnvironmentPage>> OpenNamedAsync()
    {
        var page = Open();
        await OnAsync(page, () => Labelled(page, "Name"), e => e.InputAsync("dev"));
        Says(page, "Provided by");
        return page;
    }
}
