namespace Portal.Providers.GitHub;

/// <summary>A permission of the app, and what it is for.</summary>
/// <param name="Name">As GitHub's API names it.</param>
/// <param name="Title">As the app's page names it.</param>
/// <param name="Level"><c>read</c> or <c>write</c>.</param>
internal sealed record NeededPermission(string Name, string Title, string Level, string Why);

/// <summary>What the adapter needs; the README has the same table.</summary>
internal static class NeededPermissions
{
    private static readonly NeededPermission[] Always =
    [
        new("metadata", "Metadata", "read", "finding repositories"),
        new("administration", "Administration", "write", "creating, setting up, archiving and deleting repositories"),
        new("contents", "Contents", "write", "first commits, branches and reading files"),
        new("workflows", "Workflows", "write", "commits with files below .github/workflows"),
        new("pull_requests", "Pull requests", "write", "opening and closing pull requests"),
        new("actions", "Actions", "write", "starting, cancelling and reading workflow runs"),
    ];

    private static readonly NeededPermission MarkProperty =
        new(
            "repository_custom_properties", "Custom properties (repository)", "write",
            "marking what a run made, because MarkProperty is set");

    public static IEnumerable<NeededPermission> Of(GitHubOptions options) =>
        options.MarkProperty.Length > 0 ? Always.Append(MarkProperty) : Always;

    public static IEnumerable<NeededPermission> Missing(
        GitHubOptions options, IReadOnlyDictionary<string, string>? given) =>
        Of(options).Where(p => !Suffices(given?.GetValueOrDefault(p.Name), p.Level));

    private static bool Suffices(string? given, string needed) =>
        given is "admin" or "write" || (given == "read" && needed == "read");
}
