using System.Text.Json;
using System.Text.Json.Nodes;
using Octokit;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Http;

namespace Portal.Providers.GitHub.Api;

/// <summary>What calls about a repository's settings have in common, and settings that are one call each.</summary>
internal static class SettingsCalls
{
    private const string Administration = "Administration: write";
    private const string Plan = "github-plan";

    /// <summary>The plan of the organisation does not have the feature for such a repository.</summary>
    public static bool IsPlanLimit(this ProviderException refused) => refused.Error.Code == Plan;

    /// <summary>Done twice it comes to the same.</summary>
    public static async Task PutAsync(
        this GitHubApi client, HttpMethod method, RepositoryName name, string path, object? body, string needs,
        CancellationToken cancellation)
    {
        await client.SendAsync(
            new UntypedCall(method, name, path)
            {
                Body = body, IsRepeatable = true, Needs = needs, Refusal = r => PlanLimit(name, r),
            },
            cancellation);
    }

    /// <summary>Makes something new.</summary>
    public static Task<T> PostAsync<T>(
        this GitHubApi client, RepositoryName name, string path, object body, string needs,
        CancellationToken cancellation) where T : class =>
        client.SendAsync<T>(
            new UntypedCall(HttpMethod.Post, name, path)
            {
                Body = body, Needs = needs, Refusal = r => PlanLimit(name, r),
            },
            cancellation);

    /// <summary>What is not there is fine.</summary>
    public static async Task RemoveAsync(
        this GitHubApi client, RepositoryName name, string path, string needs, CancellationToken cancellation)
    {
        try
        {
            await client.SendAsync(new UntypedCall(HttpMethod.Delete, name, path) { Needs = needs }, cancellation);
        }
        catch (ProviderException gone) when (gone.Error.Kind == ErrorKind.NotFound)
        {
        }
    }

    /// <summary>Octokit's asks beside the API of an Enterprise Server.</summary>
    public static Task SetTeamAccessAsync(
        this GitHubApi client, RepositoryName name, string team, string permission, CancellationToken cancellation) =>
        client.PutAsync(HttpMethod.Put, name, GitHubPath.Of($"orgs/{name.Organisation}/teams/{team}/repos/{name}"),
            new JsonObject { ["permission"] = permission }, $"{Administration}, Members: read", cancellation);

    public static Task SetCollaboratorAsync(
        this GitHubApi client, RepositoryName name, string login, string permission, CancellationToken cancellation)
    {
        var person = GitHubPath.Of($"{login}");
        return client.DoAsync(Setting(name, Administration), octokit =>
            octokit.Repository.Collaborator.Add(
                name.Organisation, name.Name, person, new CollaboratorRequest(permission)), cancellation);
    }

    /// <param name="level">none, user or organization.</param>
    public static Task SetWorkflowAccessAsync(
        this GitHubApi client, RepositoryName name, string level, CancellationToken cancellation) =>
        client.PutAsync(
            HttpMethod.Put, name, GitHubPath.Of($"repos/{name}/actions/permissions/access"),
            new JsonObject { ["access_level"] = level }, Administration, cancellation);

    public static Task SetWorkflowPermissionsAsync(
        this GitHubApi client, RepositoryName name, string? permissions, bool? mayApprove,
        CancellationToken cancellation)
    {
        var body = new JsonObject();
        if (permissions is not null) body["default_workflow_permissions"] = permissions;
        if (mayApprove is { } flag) body["can_approve_pull_request_reviews"] = flag;
        return client.PutAsync(
            HttpMethod.Put, name, GitHubPath.Of($"repos/{name}/actions/permissions/workflow"), body, Administration,
            cancellation);
    }

    /// <param name="claims">Null leaves them to GitHub.</param>
    public static Task SetOidcSubjectAsync(
        this GitHubApi client, RepositoryName name, bool useDefault, IReadOnlyList<string>? claims,
        CancellationToken cancellation) =>
        client.DoAsync(Setting(name, "Actions: write"), octokit => octokit.Actions.Oidc.SetRepositoryOidcSubjectClaim(
            name.Organisation, name.Name, new RepositoryOidcSubjectClaimRequest(
                useDefault, claims?.ToList())), cancellation);

    public static Task SetVulnerabilityAlertsAsync(
        this GitHubApi client, RepositoryName name, bool wanted, CancellationToken cancellation) =>
        client.PutAsync(
            wanted ? HttpMethod.Put : HttpMethod.Delete, name, GitHubPath.Of($"repos/{name}/vulnerability-alerts"),
            null, Administration, cancellation);

    public static Task SetSecurityFixesAsync(
        this GitHubApi client, RepositoryName name, bool wanted, CancellationToken cancellation) =>
        client.PutAsync(
            wanted ? HttpMethod.Put : HttpMethod.Delete, name, GitHubPath.Of($"repos/{name}/automated-security-fixes"),
            null, Administration, cancellation);

    public static Task SetCodeScanningAsync(
        this GitHubApi client, RepositoryName name, bool wanted, CancellationToken cancellation) =>
        client.PutAsync(HttpMethod.Patch, name, GitHubPath.Of($"repos/{name}/code-scanning/default-setup"),
            new JsonObject { ["state"] = wanted ? "configured" : "not-configured" }, Administration, cancellation);

    private static GitHubCall Setting(RepositoryName name, string needs) =>
        new(name) { Needs = needs, Refusal = r => PlanLimit(name, r) };

    private static Error? PlanLimit(RepositoryName name, ProviderRefusal refusal)
    {
        if ((int)refusal.Status is not (403 or 422)) return null;
        var said = GitHubSaid.Read(refusal.Body);
        return said.Has("Upgrade to GitHub") || said.Has("must be enabled for this repository")
            || said.Has("is not available for this repository")
            ? Error.Forbidden(
                Plan,
                $"GitHub does not offer this for {name}: {said.Text} Make the repository public, or take a plan that "
                + "has it.") : null;
    }
}
