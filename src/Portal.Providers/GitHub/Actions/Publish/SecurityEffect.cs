using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.GitHub.Api;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.Publish;

/// <summary>Null leaves what GitHub has.</summary>
internal sealed record SecurityArgs(
    string Provider, RepositoryName Repository, bool? Alerts, bool? Fixes,
    bool? CodeScanning) : SettingArgs(Provider, Repository)
{
    internal bool IsNothing => Alerts is null && Fixes is null && CodeScanning is null;
}

/// <summary>Dependabot and code scanning of a new repository.</summary>
internal sealed class SecurityEffect(GitHubClients clients) : FirstSettingEffect<SecurityArgs>(clients)
{
    public override string Kind => "github.security";

    public override PlannedEffect Describe(SecurityArgs args) =>
        new("Change", "security settings", $"of {args.Repository}", args.Provider);

    protected override async Task<SettingApplied> ApplyAsync(
        GitHubApi client, EffectContext context, SecurityArgs args, CancellationToken cancellation)
    {
        // Updates need the alerts: on before them, off after them.
        if (args.Alerts == true) await client.SetVulnerabilityAlertsAsync(args.Repository, true, cancellation);
        if (args.Fixes is { } fixes) await client.SetSecurityFixesAsync(args.Repository, fixes, cancellation);
        if (args.Alerts == false) await client.SetVulnerabilityAlertsAsync(args.Repository, false, cancellation);
        if (args.CodeScanning is { } scanning)
        {
            await client.SetCodeScanningAsync(args.Repository, scanning, cancellation);
        }
        return new SettingApplied();
    }
}
