using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.GitHub.Api;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.Publish;

/// <summary>Null leaves what GitHub has.</summary>
/// <param name="OidcDefault">Whether the subject of OIDC tokens is GitHub's usual one.</param>
internal sealed record ActionsSettingsArgs(
    string Provider, RepositoryName Repository, string? Access, string? Permissions, bool? MayApprove,
    bool? OidcDefault, IReadOnlyList<string>? OidcClaims)
    : SettingArgs(Provider, Repository)
{
    internal bool IsNothing => Access is null && Permissions is null && MayApprove is null && OidcDefault is null;
}

/// <summary>What workflows of a new repository may do, and who may use them.</summary>
internal sealed class ActionsSettingsEffect(GitHubClients clients) : FirstSettingEffect<ActionsSettingsArgs>(clients)
{
    public override string Kind => "github.actions-settings";

    public override PlannedEffect Describe(ActionsSettingsArgs args) =>
        new("Change", "workflow settings", $"of {args.Repository}", args.Provider);

    protected override async Task<SettingApplied> ApplyAsync(
        GitHubApi client, EffectContext context, ActionsSettingsArgs args, CancellationToken cancellation)
    {
        if (args.Permissions is not null || args.MayApprove is not null)
        {
            await client.SetWorkflowPermissionsAsync(args.Repository, args.Permissions, args.MayApprove, cancellation);
        }
        if (args.Access is not null) await client.SetWorkflowAccessAsync(args.Repository, args.Access, cancellation);
        if (args.OidcDefault is { } useDefault)
        {
            await client.SetOidcSubjectAsync(args.Repository, useDefault, args.OidcClaims, cancellation);
        }
        return new SettingApplied();
    }
}
