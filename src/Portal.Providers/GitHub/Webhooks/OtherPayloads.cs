using System.Text.Json;
using Portal.Core.Providers;

namespace Portal.Providers.GitHub.Webhooks;

/// <summary>Pull requests, deployments and memberships: what the portal tells and does not act on.</summary>
internal static class OtherPayloads
{
    /// <summary><c>pull_request</c>; null for what is no change of its state.</summary>
    public static PullRequestChange? ReadPullRequest(JsonElement payload)
    {
        if (payload.Repository() is not { } repository || payload.At("pull_request") is not { } pull
            || pull.Number("number") is not { } number) return null;
        var merged = pull.Flag("merged");
        var (action, state) = payload.Text("action") switch
        {
            "opened" => ("opened", "open"),
            "reopened" => ("reopened", "open"),
            "closed" => merged ? ("merged", "merged") : ("closed", "closed"),
            _ => ("", ""),
        };
        return action.Length == 0 ? null : new PullRequestChange(
            repository, new PullRequest(
                number, pull.Text("html_url") ?? "", pull.Text("head", "ref") ?? "", state,
                pull.Text("head", "sha") ?? ""),
            pull.Text("title") ?? "", action, payload.Sender());
    }

    /// <summary><c>deployment_status</c>.</summary>
    public static HostDeployment? ReadDeployment(JsonElement payload)
    {
        if (payload.Repository() is not { } repository || payload.At("deployment_status") is not { } status
            || payload.At("deployment") is not { } deployment) return null;
        if (status.Text("state") is not { } state || deployment.Text("sha") is not { } commit) return null;
        var url = NotEmpty(status.Text("environment_url")) ?? NotEmpty(status.Text("log_url"))
            ?? NotEmpty(status.Text("target_url"));
        return new HostDeployment(
            repository, status.Text("environment") ?? deployment.Text("environment")
                ?? "", commit, state, url, status.Time("created_at") ?? DateTimeOffset.UnixEpoch);
    }

    /// <summary><c>membership</c>, of a team.</summary>
    public static MembershipChange? ReadTeamMembership(JsonElement payload) =>
        payload.Text("organization", "login") is { } organisation && payload.Text("team", "slug") is { } team
            && payload.Text("member", "login") is { } login
            ? payload.Text("action") switch
            {
                "added" => new MembershipChange(organisation, team, login, true),
                "removed" => new MembershipChange(organisation, team, login, false),
                _ => null,
            }
            : null;

    /// <summary><c>organization</c>.</summary>
    public static MembershipChange? ReadOrganisationMembership(JsonElement payload) =>
        payload.Text("organization", "login") is { } organisation
            && payload.Text("membership", "user", "login") is { } login
            ? payload.Text("action") switch
            {
                "member_added" => new MembershipChange(organisation, null, login, true),
                "member_removed" => new MembershipChange(organisation, null, login, false),
                _ => null,
            }
            : null;

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
