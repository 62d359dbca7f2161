using Portal.Web.Controls;
using Portal.Web.Shared;

namespace Portal.Web.Layout;

/// <summary>Finds the portal's own pages.</summary>
internal sealed class PageSearch : ISearchSource
{
    private static readonly (string Title, string Words, string Url, string Icon)[] Pages =
    [
        ("Home", "start dashboard overview", PortalUrls.Home, "house"),
        ("Create", "new template golden path scaffold service", PortalUrls.Create, "square-plus"),
        ("Catalog", "services components apis systems teams owners", PortalUrls.Catalog, "layers"),
        ("Discovery", "repositories catalog-info descriptors propose", PortalUrls.Discovery, "search"),
        ("Environments", "deployments running instances", PortalUrls.Environments, "server"),
        ("Request an environment", "new environment", PortalUrls.NewEnvironment, "plus"),
        ("Adopt an environment", "take over existing resource group", PortalUrls.AdoptEnvironment, "link"),
        ("Costs", "money spend budget bill price", PortalUrls.Costs, "coins"),
        ("Activity", "audit log history changes who", PortalUrls.Activity, "history"),
        ("Providers", "github azure local webhooks credentials integrations", PortalUrls.Providers, "plug"),
        ("Runs", "tasks executions", PortalUrls.Runs, "list-checks"),
        ("Teams", "groups members organisation join ask", PortalUrls.Teams, "users"),
        ("Create team", "new group add team", PortalUrls.NewTeam, "users"),
        ("People", "users persons members colleagues", PortalUrls.People, "user"),
        ("Add person", "new user create person invite", PortalUrls.NewPerson, "user"),
        ("Import people and teams", "users groups file upload yaml backstage", PortalUrls.ImportPeople, "upload"),
        ("Admin", "administration settings configuration roles health version", PortalUrls.Admin, "settings"),
        ("Access tokens", "token api key git password clone credentials", PortalUrls.AccessTokens, "key"),
        ("Action reference", "steps actions inputs outputs documentation", PortalUrls.Actions, "book-open"),
    ];

    public string Group => "Pages";

    public int Order => 100;

    public Task<IReadOnlyList<SearchHit>> SearchAsync(string query, int limit, CancellationToken cancellation)
    {
        IReadOnlyList<SearchHit> hits = [.. Pages
            .Select(p => new SearchHit(
                p.Title, null, p.Url, p.Icon, FuzzyMatch.Score(query, p.Title, p.Words, $"{p.Title} {p.Words}")))
            .Where(h => h.Score > 0)
            .OrderByDescending(h => h.Score)
            .Take(limit)];
        return Task.FromResult(hits);
    }
}
