using Portal.Web.Shared;

namespace Portal.Web.Layout;

/// <summary>The way through the portal. Becomes a drawer where there is little room.</summary>
public sealed partial class NavMenu
{
    /// <summary>The last part: other beginnings of addresses that belong to the entry.</summary>
    private static readonly Entry[] Items =
    [
        new("Home", PortalUrls.Home, "house"),
        new("Create", PortalUrls.Create, "square-plus", "/templates", PortalUrls.Runs, PortalUrls.Actions),
        new("Catalog", PortalUrls.Catalog, "layers", "/pipelines"),
        new("Environments", PortalUrls.Environments, "server"),
        new("Costs", PortalUrls.Costs, "coins"),
        new("Activity", PortalUrls.Activity, "history"),
        new("Providers", PortalUrls.Providers, "plug"),
    ];

    private bool IsCurrent(Entry item)
    {
        var path = new Uri(Navigation.Uri).AbsolutePath;
        return item.Url == PortalUrls.Home ? path == PortalUrls.Home : Under(path, item.Url)
            || item.Also.Any(url => Under(path, url));
    }

    private static bool Under(string path, string url) =>
        path.StartsWith(url, StringComparison.OrdinalIgnoreCase)
            && (path.Length == url.Length || path[url.Length] == '/');

    private sealed record Entry(string Text, string Url, string Icon, params string[] Also);
}
