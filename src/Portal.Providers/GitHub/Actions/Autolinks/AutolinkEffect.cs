using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.GitHub.Api;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.Autolinks;

/// <param name="Prefix">Such as <c>TICKET-</c>.</param>
/// <param name="Template">An address with <c>&lt;num&gt;</c> in it.</param>
internal sealed record AutolinkArgs(
    string Provider, RepositoryName Repository, string Prefix, string Template,
    bool? IsAlphanumeric) : SettingArgs(Provider, Repository);

/// <summary>Makes an autolink. There is one for a prefix, and GitHub does not let it be changed.</summary>
internal sealed class AutolinkEffect(GitHubClients clients) : SettingEffect<AutolinkArgs, SettingApplied>(clients)
{
    public override string Kind => "github.autolink";

    public override PlannedEffect Describe(AutolinkArgs args) =>
        new("Create", "autolink", $"{args.Prefix} of {args.Repository}", args.Provider);

    protected override async Task<SettingApplied> ApplyAsync(
        GitHubApi client, EffectContext context, AutolinkArgs args, CancellationToken cancellation)
    {
        if (await FindAsync(client, args, cancellation) is not { } there)
        {
            await client.CreateAutolinkAsync(
                args.Repository, new NewAutolink(args.Prefix, args.Template, args.IsAlphanumeric), cancellation);
        }
        else if (there.UrlTemplate != args.Template || there.IsAlphanumeric != (args.IsAlphanumeric ?? true))
        {
            throw new ProviderException(Error.Conflict(
                "autolink-exists",
                $"{args.Repository} has an autolink for {args.Prefix} already, to {there.UrlTemplate}. Remove it on "
                + "GitHub, or choose another prefix."));
        }
        return new SettingApplied();
    }

    protected override async Task<string?> BeforeAsync(
        GitHubApi client, AutolinkArgs args, CancellationToken cancellation) =>
        await FindAsync(client, args, cancellation) is { } there ? $$"""{"id":{{there.Id}}}""" : null;

    protected override UndoPreview Preview(string? before, AutolinkArgs args, SettingApplied? result) => before is null
        ? UndoPreview.Goes($"The autolink {args.Prefix} of {args.Repository} is removed.") : UndoPreview.Stays(
            $"The autolink {args.Prefix} of {args.Repository} stays: it was there before.");

    protected override async Task RestoreAsync(
        GitHubApi client, EffectContext context, AutolinkArgs args, SettingApplied? result,
        CancellationToken cancellation)
    {
        if (context.Before is null && await FindAsync(client, args, cancellation) is { } there
            && there.UrlTemplate == args.Template)
        {
            await client.RemoveAutolinkAsync(args.Repository, there.Id, cancellation);
        }
    }

    private static async Task<Autolink?> FindAsync(GitHubApi client, AutolinkArgs args, CancellationToken cancellation)
    {
        await foreach (var link in client.AutolinksAsync(args.Repository, cancellation))
        {
            if (link.KeyPrefix.Equals(args.Prefix, StringComparison.OrdinalIgnoreCase)) return link;
        }
        return null;
    }
}
