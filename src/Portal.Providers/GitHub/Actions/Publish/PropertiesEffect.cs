using System.Text.Json;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.GitHub.Api;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.Publish;

internal sealed record PropertiesArgs(
    string Provider, RepositoryName Repository,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Lists) : SettingArgs(Provider, Repository);

/// <summary>
/// Gives a new repository the custom properties that hold lists; the others it has from its creation.
/// </summary>
internal sealed class PropertiesEffect(GitHubClients clients) : FirstSettingEffect<PropertiesArgs>(clients)
{
    public override string Kind => "github.properties";

    public override PlannedEffect Describe(PropertiesArgs args) =>
        new("Change", "custom properties", $"{string.Join(", ", args.Lists.Keys)} of {args.Repository}", args.Provider);

    protected override async Task<SettingApplied> ApplyAsync(
        GitHubApi client, EffectContext context, PropertiesArgs args, CancellationToken cancellation)
    {
        var values = args.Lists.Select(l => new PropertyValue(l.Key, JsonSerializer.SerializeToElement(l.Value)));
        await client.SetPropertiesAsync(args.Repository, [.. values], cancellation);
        return new SettingApplied();
    }
}
