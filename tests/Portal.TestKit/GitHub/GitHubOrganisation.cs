using System.Text.Json.Nodes;

namespace Portal.TestKit.GitHub;

/// <summary>An organisation of the world, with the app's installation in it.</summary>
public sealed class GitHubOrganisation
{
    /// <summary>What an app of this kind is given when it is installed; each with its level.</summary>
    private static readonly string[] All =
    [
        "actions", "actions_variables", "administration", "contents", "deployments", "environments", "issues",
        "members", "metadata",
        "organization_administration", "organization_custom_properties", "organization_hooks", "pages", "pull_requests",
        "repository_custom_properties", "repository_hooks", "secrets", "security_events", "statuses",
        "vulnerability_alerts", "workflows",
    ];

    internal GitHubOrganisation(string login, long id, long installationId) =>
        (Login, Id, InstallationId) = (login, id, installationId);

    public string Login { get; }

    public long Id { get; }

    public long InstallationId { get; }

    /// <summary>
    /// What the installation may do: name of a permission to <c>read</c>, <c>write</c> or <c>admin</c>. Changes count
    /// at once, also for tokens that are out.
    /// </summary>
    public Dictionary<string, string> Permissions { get; } = All.ToDictionary(
        name => name, name => name == "organization_custom_properties" ? "admin" : "write", StringComparer.Ordinal);

    /// <summary>The app is installed here.</summary>
    public bool IsInstalled { get; set; } = true;

    public bool IsSuspended { get; set; }

    /// <summary>Members may make repositories; when not, not even the app may.</summary>
    public bool MayCreateRepositories { get; set; } = true;

    /// <summary>Login to role: <c>member</c> or <c>admin</c>.</summary>
    public Dictionary<string, string> Members { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Slug of a team to the logins of its members.</summary>
    public SortedDictionary<string, SortedSet<string>> Teams { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Custom properties of repositories, as <c>/orgs/{org}/properties/schema</c> tells them.</summary>
    public SortedDictionary<string, JsonObject> Properties { get; } = new(StringComparer.Ordinal);

    internal Dictionary<string, long> TeamIds { get; } = new(StringComparer.OrdinalIgnoreCase);

    internal SortedDictionary<string, JsonObject> Hooks { get; } = new(StringComparer.Ordinal);
}
