using Portal.Core.Environments;
using Portal.Web.Controls;
using Portal.Web.Governance;
using Portal.Web.Layout;
using Portal.Web.Shared;

namespace Portal.Web.Environments;

/// <summary>Finds living environments by their service and name.</summary>
internal sealed class EnvironmentSearch(
    ReadEnvironments environments, EntityTitles titles, CurrentActor current) : ISearchSource
{
    public string Group => "Environments";

    public int Order => 30;

    public async Task<IReadOnlyList<SearchHit>> SearchAsync(string query, int limit, CancellationToken cancellation)
    {
        var actor = await current.GetAsync(cancellation);
        var candidates = await environments.CandidatesAsync(query, limit, actor, cancellation);
        await titles.LoadAsync(candidates.Select(e => e.Component), "component");
        return [.. candidates
            .Select(e => (Environment: e, Title: $"{titles.Of(e.Component, "component")} {e.Name}"))
            .Select(e => new SearchHit(
                e.Title, Status.Of(e.Environment.Status).Word, PortalUrls.Environment(e.Environment.Id), "server",
                FuzzyMatch.Score(query, e.Title, e.Environment.Id, EntityWords.Name(e.Environment.Component))))
            .Where(h => h.Score > 0)
            .OrderByDescending(h => h.Score).ThenBy(h => h.Title, StringComparer.Ordinal)
            .Take(limit)];
    }
}
