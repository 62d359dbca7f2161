using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.GitHub.Api;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.DeployKeys;

/// <param name="PublicKey">As ssh-keygen writes it.</param>
internal sealed record DeployKeyArgs(
    string Provider, RepositoryName Repository, string Title, string PublicKey,
    bool ReadOnly) : SettingArgs(Provider, Repository);

/// <summary>Lets a key into a repository. A key is there once, whatever its title.</summary>
internal sealed class DeployKeyEffect(GitHubClients clients) : SettingEffect<DeployKeyArgs, SettingApplied>(clients)
{
    public override string Kind => "github.deploy-key";

    public override PlannedEffect Describe(DeployKeyArgs args) =>
        new("Create", "deploy key", $"{args.Title} of {args.Repository}", args.Provider);

    protected override async Task<SettingApplied> ApplyAsync(
        GitHubApi client, EffectContext context, DeployKeyArgs args, CancellationToken cancellation)
    {
        if (await FindAsync(client, args, cancellation) is null)
        {
            await client.CreateDeployKeyAsync(
                args.Repository, new NewDeployKey(args.Title, args.PublicKey.Trim(), args.ReadOnly), cancellation);
        }
        return new SettingApplied();
    }

    protected override async Task<string?> BeforeAsync(
        GitHubApi client, DeployKeyArgs args, CancellationToken cancellation) =>
        await FindAsync(client, args, cancellation) is { } there ? $$"""{"id":{{there.Id}}}""" : null;

    protected override UndoPreview Preview(string? before, DeployKeyArgs args, SettingApplied? result) => before is null
        ? UndoPreview.Goes(
            $"The deploy key {args.Title} of {args.Repository} is removed: it opens the repository no more.")
        : UndoPreview.Stays($"The deploy key {args.Title} of {args.Repository} stays: it was there before.");

    protected override async Task RestoreAsync(
        GitHubApi client, EffectContext context, DeployKeyArgs args, SettingApplied? result,
        CancellationToken cancellation)
    {
        if (context.Before is null && await FindAsync(client, args, cancellation) is { } there)
        {
            await client.RemoveDeployKeyAsync(args.Repository, there.Id, cancellation);
        }
    }

    private static async Task<DeployKeyBody?> FindAsync(
        GitHubApi client, DeployKeyArgs args, CancellationToken cancellation)
    {
        await foreach (var key in client.DeployKeysAsync(args.Repository, cancellation))
        {
            if (Bare(key.Key) == Bare(args.PublicKey)) return key;
        }
        return null;
    }

    /// <summary>Kind and key, without the comment behind them, which GitHub leaves out.</summary>
    private static string Bare(string key) =>
        string.Join(' ', key.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(2));
}
