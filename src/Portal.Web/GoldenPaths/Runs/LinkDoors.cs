using System.Text.RegularExpressions;
using Portal.Core.Access;
using Portal.Core.Catalog;
using Portal.Core.Catalog.Repositories;
using Portal.Core.Delivery;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Web.Repositories;
using Portal.Web.Shared;

namespace Portal.Web.GoldenPaths.Runs;

/// <param name="IsRepository">An address for git, not for a browser.</param>
/// <param name="WhyNot">Why who looks would not get there; null when they would.</param>
/// <param name="Home">The page of that repository; null when there is none, or not for who looks.</param>
internal sealed record ShownLink(string Title, string Url, bool IsRepository, Error? WhyNot, string? Home = null);

/// <summary>
/// Whether a link of a run leads somewhere for who looks: a page of the portal that would refuse them, and an address
/// for git alone, are no links.
/// </summary>
internal sealed partial class LinkDoors(
    ReadCatalog catalog, ReadEnvironments environments, ReadPipelines pipelines, ReadRuns runs,
    ProviderRegistry providers, IPortalAddress address, BrowseRepository repositories, SourceLinks sources)
{
    private const string GitIcon = "git";

    public async Task<IReadOnlyList<ShownLink>> OfAsync(
        IReadOnlyList<OutputLink> links, Actor actor, CancellationToken cancellation)
    {
        var shown = new List<ShownLink>();
        foreach (var link in links)
        {
            var url = link.Url ?? (EntityRef.TryParse(link.EntityRef, "component", out var entity)
                ? PortalUrls.Entity(entity.Value)
                : null);
            if (url is null) continue;
            var isRepository = link.Icon == GitIcon || IsRepository(url);
            shown.Add(isRepository
                ? new ShownLink(link.Title, url, true, null, await HomeAsync(url, actor, cancellation))
                : new ShownLink(link.Title, url, false, await WhyNotAsync(url, actor, cancellation)));
        }
        return shown;
    }

    /// <summary>The addresses in the texts that lead nowhere for this person.</summary>
    public async Task<IReadOnlySet<string>> ClosedAsync(
        IReadOnlyList<string> texts, Actor actor, CancellationToken cancellation)
    {
        var closed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var url in texts.SelectMany(t => Linked().Matches(t)).Select(m => m.Groups["url"].Value).Distinct())
        {
            if (IsRepository(url) || await WhyNotAsync(url, actor, cancellation) is not null) closed.Add(url);
        }
        return closed;
    }

    private async Task<string?> HomeAsync(string url, Actor actor, CancellationToken cancellation) =>
        sources.HomeOfUrl(url) is { } home && await WhyNotAsync(home, actor, cancellation) is null ? home : null;

    private bool IsRepository(string url) => Path(url) is { } path
        ? path.StartsWith("/git/", StringComparison.OrdinalIgnoreCase)
        : url.EndsWith(".git", StringComparison.OrdinalIgnoreCase) && providers.ForUrl(url) is not null;

    private async Task<Error?> WhyNotAsync(string url, Actor actor, CancellationToken cancellation) =>
        Path(url)?.Split(['?', '#'])[0].Trim('/').Split('/').Select(Uri.UnescapeDataString).ToArray() switch
        {
            ["catalog", var kind, var ns, var name] =>
                (await catalog.FindAsync(new EntityRef(kind, ns, name), actor, cancellation)).Error,
            ["environments", var id] => (await environments.FindAsync(id, actor, cancellation)).Error,
            ["pipelines", var id] => (await pipelines.FindAsync(id, actor, cancellation)).Error,
            ["runs", var id, ..] when Guid.TryParse(id, out var run) =>
                (await runs.FindAsync(run, actor, cancellation)).Error,
            ["repositories", var provider, var organisation, var name, ..] =>
                (await repositories.OpenAsync(provider, organisation, name, actor, cancellation)).Error,
            ["api", ..] => Error.Forbidden("token-needed", "It answers to who has an access token."),
            _ => null,
        };

    /// <summary>Of the portal's own addresses; null for all others.</summary>
    private string? Path(string url) =>
        url.StartsWith('/') && !url.StartsWith("//", StringComparison.Ordinal) ? url
        : url.StartsWith(address.Url + "/", StringComparison.OrdinalIgnoreCase) ? url[address.Url.Length..]
        : null;

    [GeneratedRegex(@"\]\(<?(?<url>[^\s)>]+)|(?<url>https?://[^\s)>`]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Linked();
}
