using System.Globalization;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.GitHub.Api;

/// <summary>
/// Paths of calls: whatever is put into one is escaped, so that no name can leave its place. Octokit escapes none of
/// its own.
/// </summary>
internal static class GitHubPath
{
    /// <summary>
    /// <c>GitHubPath.Of($"repos/{name}/git/trees")</c>: a <see cref="RepositoryName"/> is two segments, a <see
    /// cref="Slashed"/> keeps its slashes.
    /// </summary>
    /// <exception cref="ProviderException">A name that is a step in the path: <c>.</c> and <c>..</c> cannot be
    /// escaped.</exception>
    public static string Of(FormattableString path) =>
        string.Format(CultureInfo.InvariantCulture, path.Format, [.. path.GetArguments().Select(Escape)]);

    private static object Escape(object? argument) => argument switch
    {
        RepositoryName name => $"{Uri.EscapeDataString(name.Organisation)}/{Uri.EscapeDataString(name.Name)}",
        Slashed slashed => string.Join('/', slashed.Text.Split('/').Select(Segment)),
        int or long => argument,
        _ => Segment(argument?.ToString() ?? ""),
    };

    private static string Segment(string text) => text is not ("." or "..")
        ? Uri.EscapeDataString(text)
        : throw new ProviderException(Error.Invalid("github-name", $"GitHub knows nothing by the name '{text}'."));
}

/// <summary>A branch or the path of a file: its slashes part segments.</summary>
internal readonly record struct Slashed(string Text);
