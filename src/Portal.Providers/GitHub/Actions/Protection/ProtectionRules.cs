using System.Text.Json.Nodes;
using Portal.Core.Runs.Actions;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.Protection;

/// <summary>Logins of people, slugs of teams and apps.</summary>
internal sealed record Actors(IReadOnlyList<string> Users, IReadOnlyList<string> Teams, IReadOnlyList<string> Apps)
{
    public JsonObject ToJson() => new() { ["users"] = List(Users), ["teams"] = List(Teams), ["apps"] = List(Apps) };

    public static Actors? Of(JsonNode? input) => input is JsonObject given
        ? new Actors(
            [.. given.Texts("users").Select(InputReading.EntityName)],
            [.. given.Texts("teams").Select(InputReading.EntityName)], given.Texts("apps")) : null;

    private static JsonArray List(IReadOnlyList<string> names) => new([.. names.Select(n => (JsonNode)n)]);
}

/// <summary>How a branch is protected, with Backstage's names and defaults.</summary>
/// <param name="Restrictions">Null: whoever may push to the repository.</param>
internal sealed record ProtectionRules(
    bool EnforceAdmins, int Approvals, bool CodeOwners, bool DismissStale, bool LastPush, Actors? Bypass,
    Actors? Restrictions, IReadOnlyList<string> StatusChecks,
    bool UpToDate, bool Conversations, bool SignedCommits, bool LinearHistory, bool BlockCreations)
{
    /// <param name="enforceAdmins">The name of that input differs between actions.</param>
    public static ProtectionRules Of(JsonObject input, string enforceAdmins) => new(
        input.Flag(enforceAdmins, otherwise: true), (int)(input.Whole("requiredApprovingReviewCount") ?? 1),
        input.Flag("requireCodeOwnerReviews"), input.Flag("dismissStaleReviews"),
        input.Flag("requireLastPushApproval"), Actors.Of(input["bypassPullRequestAllowances"]), Actors.Of(
            input["restrictions"]),
        input.MaybeTexts("requiredStatusCheckContexts")
            ?? [], input.Flag("requireBranchesToBeUpToDate", otherwise: true), input.Flag(
                "requiredConversationResolution"),
        input.Flag("requiredCommitSigning"), input.Flag("requiredLinearHistory"), input.Flag("blockCreations"));

    /// <summary>As GitHub takes it. That commits must be signed is a call of its own.</summary>
    public JsonObject ToBody()
    {
        var reviews = new JsonObject
        {
            ["required_approving_review_count"] = Approvals, ["require_code_owner_reviews"] = CodeOwners,
            ["dismiss_stale_reviews"] = DismissStale,
            ["require_last_push_approval"] = LastPush,
        };
        if (Bypass is not null) reviews["bypass_pull_request_allowances"] = Bypass.ToJson();
        return new JsonObject
        {
            ["required_status_checks"] = new JsonObject
            {
                ["strict"] = UpToDate, ["contexts"] = new JsonArray([.. StatusChecks.Select(c => (JsonNode)c)]),
            },
            ["enforce_admins"] = EnforceAdmins, ["required_pull_request_reviews"] = reviews,
            ["restrictions"] = Restrictions?.ToJson(),
            ["required_conversation_resolution"] = Conversations, ["required_linear_history"] = LinearHistory,
            ["block_creations"] = BlockCreations,
        };
    }
}
