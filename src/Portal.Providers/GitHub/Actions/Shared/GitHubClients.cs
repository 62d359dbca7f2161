using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.Providers.GitHub.Api;

namespace Portal.Providers.GitHub.Actions.Shared;

/// <summary>
/// The clients of the configured GitHubs, by instance: effects are known even where none is configured.
/// </summary>
internal sealed class GitHubClients(IServiceProvider services)
{
    /// <exception cref="ProviderException">There is no such GitHub (any more).</exception>
    public GitHubApi Of(string instance) =>
        services.GetKeyedService<GitHubParts>(instance)?.Client ?? throw ProviderException.NotFound(
            "provider-missing", $"No GitHub named '{instance}' is configured. Add {GitHubOptions.SectionOf(instance)} "
                + $"with Type {GitHubOptions.Type} again.");
}
