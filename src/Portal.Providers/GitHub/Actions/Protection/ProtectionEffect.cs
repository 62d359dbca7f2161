using System.Text.Json.Nodes;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.GitHub.Api;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.Protection;

/// <param name="Branch">Null: the default branch.</param>
/// <param name="IsOptional">Where the organisation's plan has no protection, that is told and nothing more.</param>
internal sealed record ProtectionArgs(
    string Provider, RepositoryName Repository, string? Branch, ProtectionRules Rules,
    bool IsOptional) : SettingArgs(Provider, Repository);

/// <param name="Refused">Why the branch is not protected; null when it is.</param>
internal sealed record ProtectionSet(string Branch, string? Refused);

/// <summary>Protects a branch.</summary>
internal sealed class ProtectionEffect(GitHubClients clients) : SettingEffect<ProtectionArgs, ProtectionSet>(clients)
{
    public override string Kind => "github.branch-protection";

    public override PlannedEffect Describe(ProtectionArgs args) =>
        new("Protect", "branch", $"{args.Branch ?? "(the default branch)"} of {args.Repository}", args.Provider);

    protected override async Task<ProtectionSet> ApplyAsync(
        GitHubApi client, EffectContext context, ProtectionArgs args, CancellationToken cancellation)
    {
        var branch = await BranchAsync(client, args, cancellation);
        try
        {
            await client.PutProtectionAsync(args.Repository, branch, args.Rules.ToBody(), cancellation);
            if (args.Rules.SignedCommits) await client.RequireSignaturesAsync(args.Repository, branch, cancellation);
            return new ProtectionSet(branch, null);
        }
        catch (ProviderException refused) when (args.IsOptional && refused.IsPlanLimit())
        {
            return new ProtectionSet(branch, refused.Message);
        }
    }

    /// <summary>The branch, and its protection as GitHub tells it.</summary>
    protected override async Task<string?> BeforeAsync(
        GitHubApi client, ProtectionArgs args, CancellationToken cancellation)
    {
        var branch = await BranchAsync(client, args, cancellation);
        return new JsonObject
        {
            ["branch"] = branch,
            ["protection"] = await client.FindProtectionAsync(args.Repository, branch, cancellation),
        }.ToJsonString();
    }

    protected override UndoPreview Preview(string? before, ProtectionArgs args, ProtectionSet? result)
    {
        var branch = (string?)Read(before)?["branch"] ?? result?.Branch ?? args.Branch ?? "the default branch";
        if (result?.Refused is not null)
        {
            return UndoPreview.Stays($"The branch {branch} of {args.Repository} was not protected.");
        }
        return UndoPreview.Goes(
            Read(before)?["protection"] is null
            ? $"The protection of {branch} of {args.Repository} is removed."
            : $"The branch {branch} of {args.Repository} is protected as it was before.");
    }

    protected override async Task RestoreAsync(
        GitHubApi client, EffectContext context, ProtectionArgs args, ProtectionSet? result,
        CancellationToken cancellation)
    {
        if (result?.Refused is not null || Read(context.Before) is not { } before) return;
        var branch = (string)before["branch"]!;
        if (before["protection"] is not JsonObject earlier)
        {
            await client.RemoveProtectionAsync(args.Repository, branch, cancellation);
            return;
        }
        await client.PutProtectionAsync(args.Repository, branch, EarlierProtection.ToBody(earlier), cancellation);
        if (args.Rules.SignedCommits && !EarlierProtection.RequiresSignatures(earlier))
        {
            await client.WaiveSignaturesAsync(args.Repository, branch, cancellation);
        }
    }

    private static async Task<string> BranchAsync(
        GitHubApi client, ProtectionArgs args, CancellationToken cancellation) =>
        args.Branch ?? (await client.FindRepositoryAsync(args.Repository, cancellation))?.DefaultBranch
        ?? throw ProviderException.NotFound(
            "repository-missing",
            $"There is no repository {args.Repository} to protect a branch of. Create it first, or correct repoUrl.");
}
