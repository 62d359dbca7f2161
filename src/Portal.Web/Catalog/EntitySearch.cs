using Portal.Core.Catalog;
using Portal.Core.Entities;
using Portal.Web.Controls;
using Portal.Web.Governance;
using Portal.Web.Layout;
using Portal.Web.Shared;

namespace Portal.Web.Catalog;

/// <summary>Finds entities of the catalog, typing errors forgiven.</summary>
internal sealed class EntitySearch(SearchCatalog catalog, EntityTitles titles, CurrentActor current) : ISearchSource
{
    private static readonly List<string> Kinds = [.. Descriptor.Kinds];

    public string Group => "Catalog";

    public int Order => 10;

    public async Task<IReadOnlyList<SearchHit>> SearchAsync(string query, int limit, CancellationToken cancellation)
    {
        var actor = await current.GetAsync(cancellation);
        var candidates = await catalog.CandidatesAsync(query, limit, actor, cancellation);
        await titles.LoadAsync(candidates.Select(c => c.Owner));
        return [.. candidates
            .Select(e => (Entity: e, Score: FuzzyMatch.Score(query, e.Title ?? e.Ref.Name, e.Ref.Name, e.Words)))
            .Where(h => h.Score > 0)
            .OrderByDescending(h => h.Score).ThenBy(h => Kinds.IndexOf(h.Entity.Ref.Kind))
            .ThenBy(h => h.Entity.Ref.Name, StringComparer.Ordinal)
            .Take(limit)
            .Select(h => new SearchHit(
                h.Entity.Title ?? EntityWords.Name(h.Entity.Ref), Detail(h.Entity), PortalUrls.Entity(h.Entity.Ref),
                EntityWords.Icon(h.Entity.Ref.Kind), h.Score))];
    }

    private string Detail(EntityCandidate entity) =>
        entity.Owner is null ? entity.Ref.Kind : $"{entity.Ref.Kind} of {titles.Of(entity.Owner)}";
}
