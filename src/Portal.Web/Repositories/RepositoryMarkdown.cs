using System.Net;
using System.Text.RegularExpressions;
using Portal.Core.Shared;
using Portal.Web.Controls;
using Portal.Web.Shared;

namespace Portal.Web.Repositories;

/// <summary>
/// Markdown of a repository as HTML: a link to another of its files leads to the page of that file, whatever address
/// the text is shown at.
/// </summary>
internal static partial class RepositoryMarkdown
{
    /// <param name="folder">In which the file is that has the text; "" is the top.</param>
    /// <param name="reference">Branch, tag or SHA; null = the default branch.</param>
    public static string Of(
        string markdown, string provider, RepositoryName name, string folder, string? reference) =>
        // Markdown's own HTML is off, so whatever looks like this is the renderer's.
        Link().Replace(MarkdownHtml.Of(markdown), match =>
        {
            var url = WebUtility.HtmlDecode(match.Groups["url"].Value);
            return Target(url, folder) is { } path
                ? $"<a href=\"{WebUtility.HtmlEncode(PortalUrls.RepositoryFile(provider, name, path, reference))}\""
                : match.Value;
        });

    /// <summary>The path in the repository; null for what is no address of one of its files.</summary>
    private static string? Target(string url, string folder)
    {
        var path = url.Split('#', '?')[0];
        var isOther = path.Contains(':') || path.Contains('\\') || path.StartsWith("//", StringComparison.Ordinal);
        if (path.Length == 0 || isOther) return null;
        var parts = new List<string>();
        var whole = path.StartsWith('/') ? path : $"{folder}/{path}";
        foreach (var part in Uri.UnescapeDataString(whole).Split('/'))
        {
            if (part is "" or ".") continue;
            if (part != "..") parts.Add(part);
            else if (parts.Count > 0) parts.RemoveAt(parts.Count - 1);
            else return null;
        }
        return parts.Count == 0 ? null : string.Join('/', parts);
    }

    [GeneratedRegex("<a href=\"(?<url>[^\"]*)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();
}
