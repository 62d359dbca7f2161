using System.Text.Json.Nodes;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.GitHub.Api;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.Rulesets;

/// <param name="Ruleset">As GitHub takes it.</param>
internal sealed record RulesetArgs(
    string Provider, RepositoryName Repository, string Name, JsonObject Ruleset) : SettingArgs(Provider, Repository);

internal sealed record RulesetMade(long RulesetId, string RulesetName, string? RulesetUrl);

/// <summary>Makes a ruleset of a repository, or changes the one of that name.</summary>
internal sealed class RulesetEffect(GitHubClients clients) : SettingEffect<RulesetArgs, RulesetMade>(clients)
{
    private static readonly string[] Parts = ["name", "target", "enforcement", "bypass_actors", "conditions", "rules"];

    public override string Kind => "github.ruleset";

    public override PlannedEffect Describe(RulesetArgs args) =>
        new("Create", "ruleset", $"{args.Name} of {args.Repository}", args.Provider);

    public override JsonObject PlanOutputs(RulesetArgs args) => new()
    {
        ["rulesetId"] = UnknownValue.Of("the ruleset's id"), ["rulesetName"] = args.Name,
        ["rulesetUrl"] = UnknownValue.Of("the ruleset's address"),
    };

    protected override async Task<RulesetMade> ApplyAsync(
        GitHubApi client, EffectContext context, RulesetArgs args, CancellationToken cancellation)
    {
        var body = args.Ruleset.DeepClone().AsObject();
        var made = await FindAsync(client, args, cancellation) is { } there

                ? await client.ChangeRulesetAsync(args.Repository, (long)there["id"]!, body, cancellation)
                : await client.CreateRulesetAsync(args.Repository, body, cancellation);
        return new RulesetMade((long)made["id"]!, (string)made["name"]!, (string?)made["_links"]?["self"]?["href"]);
    }

    /// <summary>The ruleset of that name, as GitHub takes it; null when there is none.</summary>
    protected override async Task<string?> BeforeAsync(
        GitHubApi client, RulesetArgs args, CancellationToken cancellation)
    {
        if (await FindAsync(client, args, cancellation) is not { } listed
            || await client.FindRulesetAsync(args.Repository, (long)listed["id"]!, cancellation) is not { } there)
        {
            return null;
        }
        var body = new JsonObject();
        foreach (var part in Parts)
        {
            if (there[part] is { } value) body[part] = value.DeepClone();
        }
        return body.ToJsonString();
    }

    protected override UndoPreview Preview(string? before, RulesetArgs args, RulesetMade? result) =>
        UndoPreview.Goes(before is null
            ? $"The ruleset {args.Name} of {args.Repository} is removed." : $"The ruleset {args.Name} of "
                + $"{args.Repository} is as it was before.");

    protected override async Task RestoreAsync(
        GitHubApi client, EffectContext context, RulesetArgs args, RulesetMade? result, CancellationToken cancellation)
    {
        if ((result?.RulesetId ?? (long?)(await FindAsync(client, args, cancellation))?["id"]) is not { } id) return;
        if (Read(context.Before) is { } before)
        {
            await client.ChangeRulesetAsync(args.Repository, id, before, cancellation);
        }
        else await client.RemoveRulesetAsync(args.Repository, id, cancellation);
    }

    private static async Task<JsonObject?> FindAsync(GitHubApi client, RulesetArgs args, CancellationToken cancellation)
    {
        await foreach (var ruleset in client.RulesetsAsync(args.Repository, cancellation))
        {
            if ((string?)ruleset["name"] == args.Name) return ruleset;
        }
        return null;
    }
}
