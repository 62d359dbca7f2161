using System.Text.Json.Nodes;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.GitHub.Api;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.DeploymentEnvironments;

/// <summary>Who may approve a deployment.</summary>
/// <param name="Name">A login, or a team's slug.</param>
internal sealed record Reviewer(bool IsTeam, string Name);

/// <summary>Which branches may deploy; both false does not exist.</summary>
internal sealed record BranchPolicy(bool Protected, bool Named);

/// <param name="WaitMinutes">Null leaves it to GitHub, as everything else that is null.</param>
/// <param name="AllBranches">Every branch may deploy, whatever was set before.</param>
internal sealed record DeploymentEnvironmentArgs(
    string Provider, RepositoryName Repository, string Name, long? WaitMinutes, bool? PreventSelfReview,
    IReadOnlyList<Reviewer> Reviewers, BranchPolicy? Policy,
    bool AllBranches, IReadOnlyList<string> Branches, IReadOnlyList<string> Tags) : SettingArgs(Provider, Repository);

/// <summary>Makes or changes a deployment environment of GitHub.</summary>
internal sealed class DeploymentEnvironmentEffect(
    GitHubClients clients) : SettingEffect<DeploymentEnvironmentArgs, SettingApplied>(clients)
{
    public override string Kind => "github.environment";

    public override PlannedEffect Describe(DeploymentEnvironmentArgs args) =>
        new("Create", "deployment environment", $"{args.Name} of {args.Repository}", args.Provider);

    protected override async Task<SettingApplied> ApplyAsync(
        GitHubApi client, EffectContext context, DeploymentEnvironmentArgs args, CancellationToken cancellation)
    {
        await client.PutEnvironmentAsync(
            args.Repository, args.Name, await BodyAsync(client, args, cancellation), cancellation);
        var wanted = Wanted(args).ToList();
        if (wanted.Count == 0) return new SettingApplied();
        var there = (await client.PoliciesAsync(args.Repository, args.Name, cancellation)).Select(Key).ToHashSet();
        foreach (var policy in wanted.Where(w => !there.Contains(w)))
        {
            await client.CreatePolicyAsync(
                args.Repository, args.Name, new NewPolicy(policy.Name, policy.Type), cancellation);
        }
        return new SettingApplied();
    }

    /// <summary>The environment as GitHub tells it, with the names of its policies; null when there is none.</summary>
    protected override async Task<string?> BeforeAsync(
        GitHubApi client, DeploymentEnvironmentArgs args, CancellationToken cancellation)
    {
        if (await client.FindEnvironmentAsync(args.Repository, args.Name, cancellation) is not { } found) return null;
        var policies = EarlierEnvironment.IsNamed(found)
            ? await client.PoliciesAsync(args.Repository, args.Name, cancellation) : [];
        return new JsonObject
        {
            ["body"] = EarlierEnvironment.ToBody(found),
            ["policies"] = new JsonArray(
                [.. policies.Select(Key)
                    .Select(p => (JsonNode)new JsonObject { ["name"] = p.Name, ["type"] = p.Type })]),
        }.ToJsonString();
    }

    protected override UndoPreview Preview(string? before, DeploymentEnvironmentArgs args, SettingApplied? result) =>
        UndoPreview.Goes(before is null
            ? $"The environment {args.Name} of {args.Repository} is removed from GitHub, with its variables and "
                + "secrets; past deployments stay listed."
            : $"The environment {args.Name} of {args.Repository} has its earlier rules again.");

    protected override async Task RestoreAsync(
        GitHubApi client, EffectContext context, DeploymentEnvironmentArgs args, SettingApplied? result,
        CancellationToken cancellation)
    {
        if (Read(context.Before) is not { } before)
        {
            await client.RemoveEnvironmentAsync(args.Repository, args.Name, cancellation);
            return;
        }
        var body = before["body"]!.AsObject();
        var earlier = before["policies"]!.AsArray().Select(p => ((string)p!["name"]!, (string)p["type"]!)).ToHashSet();
        if (Wanted(args).Any())
        {
            foreach (var policy in (await client.PoliciesAsync(args.Repository, args.Name, cancellation)).Where(
                p => Wanted(args).Contains(Key(p)) && !earlier.Contains(Key(p))))
            {
                await client.RemovePolicyAsync(args.Repository, args.Name, policy.Id, cancellation);
            }
        }
        await client.PutEnvironmentAsync(args.Repository, args.Name, body, cancellation);
        var there = earlier.Count == 0
            ? [] : (await client.PoliciesAsync(args.Repository, args.Name, cancellation)).Select(Key).ToHashSet();
        foreach (var (name, type) in earlier.Where(e => !there.Contains(e)))
        {
            await client.CreatePolicyAsync(args.Repository, args.Name, new NewPolicy(name, type), cancellation);
        }
    }

    private static async Task<JsonObject> BodyAsync(
        GitHubApi client, DeploymentEnvironmentArgs args, CancellationToken cancellation)
    {
        var body = new JsonObject();
        if (args.WaitMinutes is { } minutes) body["wait_timer"] = minutes;
        if (args.PreventSelfReview is { } prevent) body["prevent_self_review"] = prevent;
        if (args.Reviewers.Count > 0) body["reviewers"] = await ReviewersAsync(client, args, cancellation);
        if (args.Policy is { } policy)
        {
            body["deployment_branch_policy"] = new JsonObject
            {
                ["protected_branches"] = policy.Protected, ["custom_branch_policies"] = policy.Named,
            };
        }
        else if (args.AllBranches) body["deployment_branch_policy"] = null;
        return body;
    }

    private static async Task<JsonArray> ReviewersAsync(
        GitHubApi client, DeploymentEnvironmentArgs args, CancellationToken cancellation)
    {
        var list = new JsonArray();
        foreach (var reviewer in args.Reviewers)
        {
            var found = reviewer.IsTeam
                ? (await client.FindTeamAsync(args.Repository, reviewer.Name, cancellation))?.Id
                : (await client.FindUserAsync(args.Repository, reviewer.Name, cancellation))?.Id;
            // Without one of them the environment would be less guarded than the template says.
            if (found is null) throw ProviderException.Invalid("github-nobody", reviewer.IsTeam
                ? $"{args.Repository.Organisation} has no team {reviewer.Name} on GitHub to approve deployments: "
                    + "correct 'reviewers'."
                : $"GitHub knows nobody with the login {reviewer.Name} to approve deployments: correct 'reviewers'.");
            list.Add(new JsonObject { ["type"] = reviewer.IsTeam ? "Team" : "User", ["id"] = found });
        }
        return list;
    }

    private static IEnumerable<(string Name, string Type)> Wanted(DeploymentEnvironmentArgs args) =>
        args.Branches.Select(b => (b, "branch")).Concat(args.Tags.Select(t => (t, "tag"))).Distinct();

    private static (string Name, string Type) Key(PolicyBody policy) => (policy.Name, policy.Type ?? "branch");
}

/// <summary>Turns an environment as GitHub tells it into one as GitHub takes it.</summary>
internal static class EarlierEnvironment
{
    public static bool IsNamed(JsonObject told) =>
        (bool?)told["deployment_branch_policy"]?["custom_branch_policies"] == true;

    public static JsonObject ToBody(JsonObject told)
    {
        var rules = (told["protection_rules"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        var reviews = rules.FirstOrDefault(r => (string?)r["type"] == "required_reviewers");
        var reviewers = (reviews?["reviewers"] as JsonArray ?? []).Select(
            r => (JsonNode)new JsonObject
            {
                ["type"] = r!["type"]!.DeepClone(), ["id"] = r["reviewer"]!["id"]!.DeepClone(),
            });
        return new JsonObject
        {
            ["wait_timer"] = (int?)rules.FirstOrDefault(r => (string?)r["type"] == "wait_timer")?["wait_timer"] ?? 0,
            ["prevent_self_review"] = (bool?)reviews?["prevent_self_review"] == true,
            ["reviewers"] = new JsonArray([.. reviewers]),
            ["deployment_branch_policy"] = told["deployment_branch_policy"]?.DeepClone(),
        };
    }
}
