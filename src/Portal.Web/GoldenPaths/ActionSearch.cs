using Portal.Core.GoldenPaths.Templates;
using Portal.Web.Controls;
using Portal.Web.Governance;
using Portal.Web.Layout;
using Portal.Web.Shared;

namespace Portal.Web.GoldenPaths;

/// <summary>Finds what steps of templates can do, each at its place in the reference.</summary>
internal sealed class ActionSearch(ReadTemplates templates, CurrentActor current) : ISearchSource
{
    public string Group => "Actions of templates";

    public int Order => 110;

    public async Task<IReadOnlyList<SearchHit>> SearchAsync(string query, int limit, CancellationToken cancellation)
    {
        if (!(await templates.ActionsAsync(await current.GetAsync(cancellation), cancellation))
            .TryGet(out var actions, out _)) return [];
        return [.. actions
            .Select(a => new SearchHit(
                a.Id, a.Summary, $"{PortalUrls.Actions}#{a.Id}", "book-open", FuzzyMatch.Score(query, a.Id)))
            .Where(h => h.Score > 0).OrderByDescending(h => h.Score).Take(limit)];
    }
}
