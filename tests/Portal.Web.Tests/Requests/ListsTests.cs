using System.Net;
using System.Reflection;
using System.Security.Claims;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.TestKit;
using Portal.Web.Governance;

namespace Portal.Web.Tests.Requests;

/// <summary>
/// Whatever is read belongs to somebody, or docs/rights.md says why not: a grant for one's own things gives a list of
/// them, not a refusal.
/// </summary>
public sealed partial class ListsTests
{
    /// <summary>They tell nothing that is anybody's.</summary>
    private static readonly string[] Open = ["/health", "/alive", "/ready", "/metrics", "/openapi", "/scalar", "/_",
        "/sign", "/reference"];

    private static readonly string Document = File.ReadAllText(RepositoryRoot.Combine("docs/rights.md"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Addresses_AllThatAreRead_StandInTheTable()
    {
        await using var portal = new LivePortal();
        await portal.InitializeAsync();

        var read = Reads(portal).Where(e => e.Metadata.GetMetadata<ComponentTypeMetadata>() is null).Select(Path)
            .Where(p => !Open.Any(o => p.StartsWith(o, StringComparison.Ordinal))
            && !p.Contains("{**", StringComparison.Ordinal));

        var (there, told) =
            (read.ToHashSet(StringComparer.Ordinal), Table().Select(r => r.Path).ToHashSet(StringComparer.Ordinal));
        Assert.Equal(([], []),
            (there.Except(told).Order(StringComparer.Ordinal).ToArray(),
            told.Except(there).Order(StringComparer.Ordinal).ToArray()));
    }

    [Fact]
    public async Task Lists_GrantForOwnThings_IsEnough_AndNoGrantIsNot()
    {
        await using var portal = new LivePortal();
        await portal.InitializeAsync();
        await GrantOwnAsync(portal);
        using var ada = await portal.ClientAsync("ada");
        using var stranger = await portal.ClientAsync("stranger");
        await Eventually.TrueAsync(
            async () => await StatusAsync(stranger, "/api/v1/catalog/entities") == HttpStatusCode.Forbidden,
            "the grants to reach the portal");
        var lists = Table()
            .Where(r => r.BelongsTo.StartsWith("the owner of", StringComparison.Ordinal)
            && !r.Path.Contains('{', StringComparison.Ordinal)
            && !r.BelongsTo.Contains("one thing", StringComparison.Ordinal)).Select(r => r.Path).ToList();
        Assert.True(lists.Count > 8, $"only {lists.Count} lists");

        foreach (var path in lists)
        {
            Assert.True(await StatusAsync(ada, path) == HttpStatusCode.OK,
                $"{path} is refused to who may see their own");
            Assert.True(await StatusAsync(stranger, path) == HttpStatusCode.Forbidden,
                $"{path} is open to who may see nothing");
        }
    }

    [Fact]
    public async Task Pages_GrantForOwnThings_AreNotRefused()
    {
        await using var portal = new LivePortal();
        await portal.InitializeAsync();
        await GrantOwnAsync(portal);
        using var browser = await portal.SignInAsync("ada");
        using var stranger = await portal.SignInAsync("ben");
        await Eventually.TrueAsync(async () => (await PageAsync(stranger, "/catalog"))
            .Contains(Refusal, StringComparison.Ordinal), "the grants to reach the portal");
        var pages = Reads(portal).Where(e => e.Metadata.GetMetadata<ComponentTypeMetadata>() is not null).Select(Path)
            .Where(p => !p.Contains('{', StringComparison.Ordinal) && !p.StartsWith("/sign", StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal).ToList();
        Assert.True(pages.Count > 8, $"only {pages.Count} pages");

        foreach (var page in pages)
        {
            Assert.False((await PageAsync(browser, page)).Contains(Refusal, StringComparison.Ordinal),
                $"{page} is refused to who may see their own");
        }
    }

    /// <summary>Endpoints take a <see cref="Caller"/>; signing in alone looks up who that will be.</summary>
    [Fact]
    public async Task Endpoints_AreToldWhoAsks_AndLookNobodyUp()
    {
        await using var portal = new LivePortal();
        await portal.InitializeAsync();

        var look =
            from endpoint in portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                       let method = endpoint.Metadata.GetMetadata<MethodInfo>()
                       where method is not null && Path(endpoint) != "/sign-in"
                       where method.GetParameters()
                           .Any(p => p.ParameterType == typeof(ClaimsPrincipal) || p.ParameterType == typeof(People))
                       select Path(endpoint);

        Assert.Empty(look);
    }

    private const string Refusal = "You may not do this";

    private static async Task GrantOwnAsync(LivePortal portal)
    {
        await using var db = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>()
            .CreateDbContextAsync(Cancellation);
        await db.Set<RoleGrant>().ExecuteDeleteAsync(Cancellation);
        db.AddRange(Permissions.All.Where(p => p.EndsWith(".read", StringComparison.Ordinal))
            .Select(p => new RolePermission { Role = "reader", Permission = p }));
        db.Add(new RoleGrant { Subject = "user:default/ada", Role = "reader", Scope = RoleGrant.Owned });
        await db.SaveChangesAsync(Cancellation);
    }

    private static IEnumerable<RouteEndpoint> Reads(LivePortal portal) =>
        portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => !new RouteUnderTest(e).IsAsset)
            .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>() is not { HttpMethods: { Count: > 0 } methods }
            || methods.Contains("GET"));

    private static string Path(RouteEndpoint endpoint) =>
        "/" + Constraint().Replace(endpoint.RoutePattern.RawText ?? "", "}").Trim('/');

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, Cancellation);
        return answer.StatusCode;
    }

    private static async Task<string> PageAsync(Browser browser, string path)
    {
        using var answer = await browser.Client.GetAsync(path, Cancellation);
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    private static IEnumerable<(string Path, string BelongsTo)> Table() =>
        from line in Document.Split("| address | belongs to |")[1].Split("\n\n")[0].Split('\n').Skip(2)
        let cells = line.Split('|', StringSplitOptions.TrimEntries)
        where cells.Length > 2
        from path in Code().Matches(cells[1])
        select (path.Groups["path"].Value, cells[2]);

    [GeneratedRegex("`(?<path>/[^`]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();

    [GeneratedRegex(@":[^}]+\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Constraint();
}
