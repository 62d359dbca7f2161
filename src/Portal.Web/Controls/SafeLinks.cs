namespace Portal.Web.Controls;

/// <summary>Which addresses from templates, catalogs and repositories may become links.</summary>
public static class SafeLinks
{
    private static readonly string[] Schemes = ["http", "https", "mailto"];

    /// <summary>
    /// http, https, mailto, and addresses without a scheme. What a browser ignores inside an address is ignored here
    /// too.
    /// </summary>
    public static bool IsAllowed(string? url)
    {
        if (string.IsNullOrWhiteSpace(url)) return false;
        // Browsers drop control characters and surrounding blanks before they look for the scheme.
        var seen = new string([.. url.Where(c => c > ' ' && !char.IsControl(c))]);
        var colon = seen.IndexOf(':');
        if (colon < 0 || seen.IndexOfAny(['/', '?', '#', '\\']) is var other and >= 0 && other < colon) return true;
        return Schemes.Contains(seen[..colon], StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The address if it may be a link, else null: an <c>a</c> without <c>href</c> is plain text.</summary>
    public static string? OrNull(string? url) => IsAllowed(url) ? url : null;
}
