using System.Text.Json.Nodes;
using Portal.Core.Catalog.Actions;
using Portal.Core.Providers;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.Publish;

/// <summary>Reads what a template wants of a new repository.</summary>
internal static class NewRepositoryInput
{
    public static RepositoryCreateArgs Args(
        ActionContext context, RepositoryTarget target, FileTree tree, string branch, string message) => new(
            target.Instance, target.Name, Owner(context.Input, target).ToString(), context.Input.AnyText("description")
                ?? "", branch, message,
            context.Input.AnyText("gitAuthorName") is { Length: > 0 } author
                ? author : context.Actor.DisplayName, tree.Hash, tree, Settings(context.Input),
            context.Input.AnyText("gitAuthorEmail") is { Length: > 0 } email ? email : null);

    public static ActionsSettingsArgs Workflows(JsonObject input, RepositoryTarget target)
    {
        var oidc = input["oidcCustomization"] as JsonObject;
        return new ActionsSettingsArgs(
            target.Instance, target.Name, input.AnyText("workflowAccess"), input.AnyText(
                "defaultWorkflowPermissions"), input.MaybeFlag("canApprovePullRequestReviews"),
            oidc?.Flag("useDefault", otherwise: true), oidc?.MaybeTexts("includeClaimKeys")) { IsNewRepository = true };
    }

    public static SecurityArgs Security(JsonObject input, RepositoryTarget target) => new(
        target.Instance, target.Name, input.MaybeFlag("vulnerabilityAlerts"), input.MaybeFlag(
            "automatedSecurityFixes"), input.MaybeFlag("codeScanning")) { IsNewRepository = true };

    public static Dictionary<string, IReadOnlyList<string>> PropertyLists(JsonObject input) => Properties(input)
        .Where(p => p.Value is JsonArray).ToDictionary(
            p => p.Key, p => (IReadOnlyList<string>)[.. p.Value!.AsArray().Select(i => InputReading.TextOf(i) ?? "")],
            StringComparer.Ordinal);

    /// <summary>
    /// Who is let in: the administrator of <c>access</c>, then the others; each once, the last word counts.
    /// </summary>
    public static IReadOnlyList<AccessArgs> Access(JsonObject input, RepositoryTarget target)
    {
        var all = new List<AccessArgs>();
        if (input.AnyText("access") is { Length: > 0 } access
            && !access.Equals(target.Name.Organisation, StringComparison.OrdinalIgnoreCase))
        {
            all.Add(Of(
                target, access.Contains('/', StringComparison.Ordinal), InputReading.EntityName(access), "admin"));
        }
        foreach (var one in (input["collaborators"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var permission = one.AnyText("access") ?? one.AnyText("permission")
                ?? throw new ActionFailedException(
                    "A collaborator has no 'access'. Give pull, triage, push, maintain or admin.");
            var team = one.AnyText("team");
            all.Add(Of(
                target, team is not null,
                InputReading.EntityName(team ?? one.AnyText("user") ?? one.AnyText("username")!), permission));
        }
        return [.. all.GroupBy(a => (a.IsTeam, a.Name.ToLowerInvariant())).Select(g => g.Last())];
    }

    private static AccessArgs Of(RepositoryTarget target, bool isTeam, string name, string permission) => new(
        target.Instance, target.Name, isTeam, name, permission switch
        {
            "read" => "pull",
            "write" => "push",
            _ => permission,
        }) { IsNewRepository = true };

    /// <summary>The team that administers it, else the organisation.</summary>
    private static EntityRef Owner(JsonObject input, RepositoryTarget target) =>
        input.AnyText("access") is { } access && access.Contains('/', StringComparison.Ordinal)
            && EntityRef.TryParse(InputReading.EntityName(access), "group", out var team)
            ? team.Value : EntityRef.Group(target.Name.Organisation);

    private static RepositorySettings Settings(JsonObject input) => new()
    {
        Visibility = Enum.TryParse<RepositoryVisibility>(
            input.AnyText("repoVisibility"), ignoreCase: true, out var visibility) ? visibility : null,
        // GitHub takes topics in small letters only.
        Topics = [.. (input.MaybeTexts("topics") ?? []).Select(t => t.ToLowerInvariant())],
        CustomProperties = Properties(input).Where(p => p.Value is not JsonArray)
            .ToDictionary(p => p.Key, p => InputReading.TextOf(p.Value) ?? "", StringComparer.Ordinal),
        Homepage = input.AnyText("homepage") is { Length: > 0 } page ? page : null,
        HasIssues = input.MaybeFlag("hasIssues"), HasWiki = input.MaybeFlag("hasWiki"), HasProjects = input.MaybeFlag(
            "hasProjects"),
        AllowMergeCommit = input.MaybeFlag("allowMergeCommit"), AllowSquashMerge = input.MaybeFlag(
            "allowSquashMerge"), AllowRebaseMerge = input.MaybeFlag("allowRebaseMerge"),
        AllowAutoMerge = input.MaybeFlag("allowAutoMerge"), AllowUpdateBranch = input.MaybeFlag(
            "allowUpdateBranch"), DeleteBranchOnMerge = input.MaybeFlag("deleteBranchOnMerge"),
        SquashMergeCommitTitle = input.AnyText("squashMergeCommitTitle"), SquashMergeCommitMessage = input.AnyText(
            "squashMergeCommitMessage"),
    };

    private static JsonObject Properties(JsonObject input) => input["customProperties"] as JsonObject ?? [];
}
