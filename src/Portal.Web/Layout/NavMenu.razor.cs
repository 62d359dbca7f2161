using Microsoft.AspNetCore.Components;
using Portal.Core.Access;
using Portal.Web.Governance;
using Portal.Web.Shared;

namespace Portal.Web.Layout;

/// <summary>The way through the portal. Becomes a drawer where there is little room.</summary>
public sealed partial class NavMenu
{
    private static readonly string[] TeamsAndPeople =
        [$"{PortalUrls.Catalog}/group", $"{PortalUrls.Catalog}/user"];

    /// <summary>The last part: other beginnings of addresses that belong to the entry.</summary>
    private static readonly Entry[] Items =
    [
        new("Home", PortalUrls.Home, "house"),
        new("Create", PortalUrls.Create, "square-plus", "/templates", PortalUrls.Runs, PortalUrls.Actions),
        new("Catalog", PortalUrls.Catalog, "layers", "/pipelines"),
        new("Environments", PortalUrls.Environments, "server"),
        new("Costs", PortalUrls.Costs, "coins"),
        new("Activity", PortalUrls.Activity, "history"),
        new("Teams", PortalUrls.Teams, "users", [PortalUrls.People, .. TeamsAndPeople]),
        new("Providers", PortalUrls.Providers, "plug"),
    ];

    private static readonly Entry Admin = new("Admin", PortalUrls.Admin, "settings");

    private bool administers;

    [Inject] private CurrentActor Current { get; set; } = default!;
    [Inject] private Authorise Authorise { get; set; } = default!;

    private IEnumerable<Entry> Shown => administers ? Items.Append(Admin) : Items;

    protected override async Task OnInitializedAsync() => administers = await Authorise.MayAsync(
        await Current.GetAsync(), Permissions.Administer, null, CancellationToken.None);

    private bool IsCurrent(Entry item)
    {
        var path = new Uri(Navigation.Uri).AbsolutePath;
        return item.Url == PortalUrls.Home ? path == PortalUrls.Home : IsAt(item, path);
    }

    /// <summary>Teams and people lie below the catalog, and have an entry of their own.</summary>
    private static bool IsAt(Entry item, string path) =>
        (Under(path, item.Url) || item.Also.Any(url => Under(path, url)))
        && (item.Url != PortalUrls.Catalog || !TeamsAndPeople.Any(url => Under(path, url)));

    private static bool Under(string path, string url) =>
        path.StartsWith(url, StringComparison.OrdinalIgnoreCase)
            && (path.Length == url.Length || path[url.Length] == '/');

    private sealed record Entry(string Text, string Url, string Icon, params string[] Also);
}
