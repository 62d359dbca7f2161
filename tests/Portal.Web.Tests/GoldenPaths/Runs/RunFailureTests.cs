using Bunit;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.TestKit.Postgres;
using Portal.Web.GoldenPaths.Runs;
using Portal.Web.Tests.Pages;

namespace Portal.Web.Tests.GoldenPaths.Runs;

/// <summary>What the page of a run that did not end well offers: what helps, and where it leads.</summary>
public sealed class RunFailureTests(PostgresFixture postgres) : PageTest(postgres)
{
    [Fact]
    public void Ways_NameTaken_LeadToTheFormWithTheValuesAndNeverToATryAgain()
    {
        var run = Failed(FailureCause.NameTaken);

        var page = Render<RunFailure>(p => p.Add(f => f.View, View(run)));

        var way = page.FindAll(".choices a.mud-button").Single();
        Assert.Equal("Choose another name", way.TextContent.Trim());
        Assert.Equal($"/create/default/site?from={run.Id}&names=same", way.GetAttribute("href"));
        Assert.False(HasButton(page, "Retry from the failed step"));
    }

    [Fact]
    public void Ways_OfARequestForAnEnvironment_LeadToItsForm()
    {
        var run = Failed(FailureCause.NameTaken, template: null);

        var page = Render<RunFailure>(p => p.Add(f => f.View, View(run)));

        Assert.Equal(
            "/environments/new?component=component%3Adefault%2Forders",
            page.Find(".choices a.mud-button").GetAttribute("href"));
    }

    [Fact]
    public void Ways_NobodyKnowsWhy_TryAgainFirst()
    {
        var page = Render<RunFailure>(p => p.Add(f => f.View, View(Failed(null))));

        Assert.Contains("primary", Button(page, "Retry from the failed step").ClassName, StringComparison.Ordinal);
    }

    private static Run Failed(FailureCause? cause, string? template = "template:default/site")
    {
        var run = new Run
        {
            Title = "It", Template = template, CreatedBy = "user:default/ada", Owner = "group:default/orders",
            Values = """{ "component": "component:default/orders", "name": "dev" }""", CreatedAt = Now,
            Spec = """
                {
                  "steps": [{ "id": "environment", "name": "It", "action": "environment:create", "input": {} }],
                  "output": { "links": [], "text": [], "values": {} }
                }
                """,
        };
        run.Take(Guid.NewGuid(), Now);
        run.Fail("It is taken.", Now, cause);
        return run;
    }

    private static RunView View(Run run) => new(run, [], [], MayControl: true);
}
