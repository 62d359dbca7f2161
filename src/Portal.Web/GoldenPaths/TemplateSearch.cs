using Portal.Core.GoldenPaths.Templates;
using Portal.Web.Controls;
using Portal.Web.Governance;
using Portal.Web.Layout;
using Portal.Web.Shared;

namespace Portal.Web.GoldenPaths;

/// <summary>Finds templates in the search of the top bar.</summary>
internal sealed class TemplateSearch(ReadTemplates templates, CurrentActor current) : ISearchSource
{
    public string Group => "Templates";

    public int Order => 20;

    public async Task<IReadOnlyList<SearchHit>> SearchAsync(string query, int limit, CancellationToken cancellation)
    {
        if (!(await templates.ListAsync(await current.GetAsync(cancellation), cancellation)).TryGet(out var all, out _))
        {
            return [];
        }
        return [.. all.Where(e => e.Manifest is not null)
            .Select(e => new SearchHit(
                e.Title, e.Manifest!.Type, PortalUrls.Template(e.Ref), "layout-template",
                FuzzyMatch.Score(query, e.Title, [e.Ref.Name, .. e.Manifest.Tags])))
            .Where(h => h.Score > 0).OrderByDescending(h => h.Score).Take(limit)];
    }
}
