using Portal.Core.Shared;

namespace Portal.Providers.GitHub.Api;

/// <summary>Paths of calls: whatever is put into one is escaped, so that no name can leave its place.</summary>
internal static class GitHubPath
{
    /// <summary><c>GitHubPath.Of($"repos/{name}/git/trees")</c>: a <see cref="RepositoryName"/> is two segments, a <see cref="Slashed"/> keeps its slashes.</summary>
    public static string Of(FormattableString path) =>
        string.Format(System.Globalization.CultureInfo.InvariantCulture, path.Format, [.. path.GetArguments().Select(Escape)]);

    private static object Escape(object? argument) => argument switch
    {
        RepositoryName name => $"{Uri.EscapeDataString(name.Organisation)}/{Uri.EscapeDataString(name.Name)}",
        Slashed slashed => string.Join('/', slashed.Text.Split('/').Select(Uri.EscapeDataString)),
        int or long => argument,
        _ => Uri.EscapeDataString(argument?.ToString() ?? ""),
    };
}

/// <summary>A branch or the path of a file: its slashes part segments.</summary>
internal readonly record struct Slashed(string Text);
