using System.Text.Json.Nodes;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Core.GoldenPaths;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;
using Portal.Web.GoldenPaths.Runs;
using Portal.Web.Tests.Pages;

namespace Portal.Web.Tests.GoldenPaths.Runs;

public sealed class RunPageTests(PostgresFixture postgres) : PageTest(postgres)
{
    private const string Secret = "correct-horse-battery";

    private const string Spec = """
          parameters:
            properties:
              name: { title: Name of the thing, type: string }
              owner: { title: Team, type: string, ui:field: OwnerPicker }
              password: { title: Password, type: string, ui:field: Secret }
          steps:
            - { id: fetch, name: Copy, action: 'fetch:template', input: { url: ./skeleton, values: { name: '${{ parameters.name }}', password: '${{ secrets.password }}' } } }
            - { id: ask, name: Ask, action: 'wait:approval', input: { approvers: [platform], question: 'May ${{ parameters.name }} be made?' } }
            - { id: publish, name: Publish, action: 'repo:create', input: { name: '${{ parameters.name }}', owner: '${{ parameters.owner }}' } }
        """;

    private readonly TemplateOnDisk folder = new(
        Spec, ("skeleton/README.md", "# ${{ values.name }}\n"),
        ("skeleton/settings.txt", "pass=${{ values.password }}"));

    protected override async ValueTask DisposeAsyncCore()
    {
        await base.DisposeAsyncCore();
        folder.Dispose();
    }

    [Theory]
    [InlineData("pat")]
    [InlineData("ben")]
    public async Task Show_WaitsForAnApproval_SaysWhatIsAskedToWhoeverMaySeeIt(string person)
    {
        var page = await OpenWaitingAsync(person);

        Says(page, "Create repository orders/checkout");
        Assert.Equal(("checkout", "kept secret"), (Value(page, "Name of the thing"), Value(page, "Password")));
        Assert.Equal("Nothing of this is charged", Value(page, "Price"));
        Assert.StartsWith("ada", Value(page, "Asked by"), StringComparison.Ordinal);
        Assert.Contains(
            page.FindAll("dd a"), a => a.GetAttribute("href") == "/catalog/group/default/orders");
        Assert.Contains(
            page.FindAll("[role=treeitem]"), f => f.TextContent.Contains("README.md", StringComparison.Ordinal));
        Says(page, "# checkout");
    }

    [Fact]
    public async Task Show_FileThatIsMadeOfASecret_ShowsItMasked()
    {
        var page = await OpenWaitingAsync("pat");
        Says(page, "# checkout");

        await OnAsync(
            page,
            () => page.FindAll("[role=treeitem]")
                .Last(f => f.TextContent.Contains("settings.txt", StringComparison.Ordinal)),
            e => e.ClickAsync());

        Says(page, "pass=***");
        Assert.DoesNotContain(Secret, page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_IsOver_StillSaysWhatItWasStartedWith()
    {
        var page = await OpenWaitingAsync("ada", cancelled: true);

        Says(page, "The run was cancelled");
        Assert.Equal(("checkout", "kept secret"), (Value(page, "Name of the thing"), Value(page, "Password")));
        Assert.DoesNotContain("What is asked for", Text(page), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, page.Markup, StringComparison.Ordinal);
    }

    private async Task<IRenderedComponent<RunPage>> OpenWaitingAsync(string person, bool cancelled = false)
    {
        Services.GetRequiredService<IOptions<TemplateOptions>>().Value.Sources = [folder.Path];
        var ada = new Actor(EntityRef.User("ada"), "Ada", [EntityRef.Group("orders")]);
        var started = await Services.GetRequiredService<CreateFromTemplate>().ExecuteAsync(
            new CreateRequest(
                EntityRef.Parse("template:default/example"),
                new JsonObject { ["name"] = "checkout", ["owner"] = "group:default/orders" },
                new JsonObject { ["password"] = Secret }),
            ada, CancellationToken.None);
        var run = started.TryGet(out var id, out var error)
            ? id : throw new InvalidOperationException(error.ToString());
        await ExecuteNextRunAsync();
        if (cancelled)
        {
            await Services.GetRequiredService<CancelRun>().ExecuteAsync(run, ada, CancellationToken.None);
        }
        SignIn(person);
        return Render<RunPage>(p => p.Add(r => r.Id, run));
    }

    private static string Value(IRenderedComponent<RunPage> page, string key)
    {
        page.WaitForState(() => page.FindAll("dt").Any(d => d.TextContent.Trim() == key));
        return page.FindAll("dt").First(d => d.TextContent.Trim() == key).NextElementSibling!.TextContent.Trim();
    }
}
