using System.Text.Json.Nodes;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.GitHub.Api;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.Pages;

/// <param name="BuildType">legacy (from a branch) or workflow.</param>
internal sealed record PagesArgs(
    string Provider, RepositoryName Repository, string BuildType, string Branch,
    string Path) : SettingArgs(Provider, Repository);

/// <summary>Switches GitHub Pages on, or changes where they come from.</summary>
internal sealed class PagesEffect(GitHubClients clients) : SettingEffect<PagesArgs, SettingApplied>(clients)
{
    public override string Kind => "github.pages";

    public override PlannedEffect Describe(PagesArgs args) =>
        new("Enable", "GitHub Pages", $"of {args.Repository}", args.Provider);

    protected override async Task<SettingApplied> ApplyAsync(
        GitHubApi client, EffectContext context, PagesArgs args, CancellationToken cancellation)
    {
        var body = new JsonObject
        {
            ["build_type"] = args.BuildType,
            ["source"] = new JsonObject { ["branch"] = args.Branch, ["path"] = args.Path },
        };
        if (await client.FindPagesAsync(args.Repository, cancellation) is not null)
        {
            await client.ChangePagesAsync(args.Repository, body, cancellation);
            return new SettingApplied();
        }
        try
        {
            await client.CreatePagesAsync(args.Repository, body, cancellation);
        }
        // They were made meanwhile, by a call whose answer was lost.
        catch (ProviderException there) when (there.Error.Kind == ErrorKind.Conflict)
        {
            await client.ChangePagesAsync(args.Repository, body, cancellation);
        }
        return new SettingApplied();
    }

    /// <summary>Where they came from, as GitHub takes it; null when there were none.</summary>
    protected override async Task<string?> BeforeAsync(GitHubApi client, PagesArgs args, CancellationToken cancellation)
    {
        if (await client.FindPagesAsync(args.Repository, cancellation) is not { } there) return null;
        var body = new JsonObject();
        foreach (var name in (string[])["build_type", "source"])
        {
            if (there[name] is { } value) body[name] = value.DeepClone();
        }
        return body.ToJsonString();
    }

    protected override UndoPreview Preview(string? before, PagesArgs args, SettingApplied? result) =>
        UndoPreview.Goes(before is null
            ? $"The GitHub Pages of {args.Repository} are switched off." : $"The GitHub Pages of {args.Repository} "
                + "come from where they came before.");

    protected override async Task RestoreAsync(
        GitHubApi client, EffectContext context, PagesArgs args, SettingApplied? result, CancellationToken cancellation)
    {
        if (Read(context.Before) is { } before) await client.ChangePagesAsync(args.Repository, before, cancellation);
        else await client.RemovePagesAsync(args.Repository, cancellation);
    }
}
