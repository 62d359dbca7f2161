using Microsoft.AspNetCore.WebUtilities;

namespace Portal.Web.GoldenPaths.Fields;

/// <summary>A repository as a RepoUrlPicker writes it: <c>github.com?owner=team&amp;repo=name</c>.</summary>
internal sealed record RepoUrlParts(string Host, string Owner, string Repository)
{
    public static RepoUrlParts Parse(string text)
    {
        var cut = text.IndexOf('?');
        var query = QueryHelpers.ParseQuery(cut < 0 ? "" : text[cut..]);
        return new RepoUrlParts(
            cut < 0 ? text : text[..cut], query.TryGetValue("owner", out var owner) ? owner.ToString() : "",
            query.TryGetValue("repo", out var repo) ? repo.ToString() : "");
    }

    public override string ToString() =>
        $"{Host}?owner={Uri.EscapeDataString(Owner)}&repo={Uri.EscapeDataString(Repository)}";
}
