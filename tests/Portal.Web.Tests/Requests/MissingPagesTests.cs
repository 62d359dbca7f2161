using System.Net;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Portal.Web.Tests.Requests;

/// <summary>A page about something that is not there answers 404, and not a page that says so with 200.</summary>
public sealed class MissingPagesTests(LivePortal portal) : IClassFixture<LivePortal>
{
    private const string NoId = "018f0000-0000-7000-8000-000000000001";

    [Fact]
    public async Task EveryPageOfAThing_ThatIsNotThere_Answers404()
    {
        using var browser = await portal.SignInAsync("chen");
        var addresses = Pages().Select(r => r.Path()).Concat(
        [
            "/no-such-page", "/runs/none", $"/create/default/static-site/review/{NoId}",
            $"/create/default/static-site?draft={NoId}", $"/create/default/static-site?from={NoId}",
        ]).ToList();
        Assert.True(addresses.Count > 12, $"only {addresses.Count} addresses");

        var answers = new List<string>();
        foreach (var address in addresses)
        {
            using var answer = await browser.Client.GetAsync(address, TestContext.Current.CancellationToken);
            if (answer.StatusCode != HttpStatusCode.NotFound) answers.Add($"{address}: {(int)answer.StatusCode}");
        }

        Assert.Empty(answers);
    }

    [Fact]
    public async Task EveryPage_ThatIsThere_Answers200()
    {
        using var browser = await portal.SignInAsync("chen");

        foreach (var address in new[]
        {
            "/", "/catalog", "/create", "/create/default/static-site", "/templates/default/static-site",
            "/catalog/component/default/checkout", "/environments", "/environments/new", "/runs", "/costs",
        })
        {
            using var answer = await browser.Client.GetAsync(address, TestContext.Current.CancellationToken);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{address}: {(int)answer.StatusCode}");
        }
    }

    private IEnumerable<RouteUnderTest> Pages() => portal.Services.GetRequiredService<EndpointDataSource>().Endpoints
        .OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
        .Select(e => new RouteUnderTest(e)).Where(r => r.PathParameters.Count > 0);
}
