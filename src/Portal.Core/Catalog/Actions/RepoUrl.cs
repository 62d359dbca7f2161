using Portal.Core.Runs.Actions;
using Portal.Core.Shared;

namespace Portal.Core.Catalog.Actions;

/// <summary>What a RepoUrlPicker gives: <c>host?owner=O&amp;repo=R</c>.</summary>
public sealed record RepoUrl(string Host, string Organisation, string Repository)
{
    /// <exception cref="ActionFailedException">It is no such address; the message says how one is written.</exception>
    public static RepoUrl Parse(string text)
    {
        var bare = text.Contains("://", StringComparison.Ordinal)
            ? text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..]
            : text;
        var cut = bare.IndexOf('?');
        var values = cut < 0 ? [] : bare[(cut + 1)..].Split('&').Select(p => p.Split('=', 2)).Where(p => p.Length == 2)
            .GroupBy(p => p[0], StringComparer.Ordinal).ToDictionary(
                g => g.Key, g => Uri.UnescapeDataString(g.First()[1]), StringComparer.Ordinal);
        if (cut <= 0 || !values.TryGetValue("owner", out var owner) || !values.TryGetValue("repo", out var repository))
        {
            throw ActionFailedException.Wrong(
                $"'{Words.Short(text, 80)}' is no repository address. "
                + "Write host?owner=organisation&repo=name, as the RepoUrlPicker gives it.");
        }
        return new RepoUrl(bare[..cut], owner, repository);
    }
}
