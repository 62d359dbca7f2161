using Microsoft.Extensions.Options;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.TestKit.Fakes;
using Portal.Web.GoldenPaths.Runs;
using Portal.Web.Repositories;

namespace Portal.Web.Tests.GoldenPaths.Runs;

public sealed class ChangeLinksTests
{
    private readonly ChangeLinks links;

    public ChangeLinksTests()
    {
        var host = new FakeHost();
        links = new ChangeLinks(new SourceLinks(
            new ProviderRegistry([host, new FakeBrowser(host)], Options.Create(new ProviderDefaults()))));
    }

    [Theory]
    [InlineData("repository.create", """{"name": "orders/basket"}""", "{}", "/repositories/local/orders/basket")]
    [InlineData("pipeline.trigger", "{}", """{"pipelineRun": "run-7"}""", "/pipelines/run-7")]
    [InlineData("environment.create", "{}", """{"environment": "basket-dev-1"}""", "/environments/basket-dev-1")]
    [InlineData("environment.stop", """{"environment": "basket-dev-1"}""", "{}", "/environments/basket-dev-1")]
    [InlineData(
        "catalog.register", "{}", """{"entityRef": "component:default/basket"}""", "/catalog/component/default/basket")]
    [InlineData(
        "catalog.propose", "{}", """{"pullRequestUrl": "https://github.com/o/n/pull/1"}""",
        "https://github.com/o/n/pull/1")]
    [InlineData("github.variables", """{"repository": "orders/basket"}""", "{}", "/repositories/local/orders/basket")]
    public void Of_WhatIsThere_IsItsPage(string kind, string arguments, string result, string expected) =>
        Assert.Equal(expected, links.Of(Entry(kind, arguments, result)));

    [Theory]
    [InlineData("catalog.propose", "{}", """{"pullRequestUrl": "javascript:alert(1)"}""")]
    [InlineData("repository.create", """{"name": "../../etc"}""", "{}")]
    [InlineData("pipeline.trigger", "[]", "null")]
    public void Of_WhatIsNoAddress_IsNoLink(string kind, string arguments, string result) =>
        Assert.Null(links.Of(Entry(kind, arguments, result)));

    [Fact]
    public void Of_WhatIsBegunOrGone_IsNoLink()
    {
        Assert.Null(links.Of(Entry("repository.create", """{"name": "orders/basket"}""", null)));
        var gone = Entry("repository.create", """{"name": "orders/basket"}""", "{}");
        gone.MarkUndone();

        Assert.Null(links.Of(gone));
    }

    private static JournalEntry Entry(string kind, string arguments, string? result)
    {
        var entry = new JournalEntry
        {
            RunId = Guid.CreateVersion7(), StepId = "step", Iteration = 0, Name = "it", Order = 1, Kind = kind,
            Version = 1, Provider = "local", Arguments = arguments, Summary = "Create it",
            Deadline = DateTimeOffset.UnixEpoch, At = DateTimeOffset.UnixEpoch,
        };
        if (result is not null) entry.Finish(result);
        return entry;
    }
}
