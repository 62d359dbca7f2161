using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;

namespace Portal.Providers.GitHub.Discovery;

internal static class DiscoverySetup
{
    public static void AddGitHubDiscovery(this IServiceCollection services, string instance) =>
        services.AddSingleton<IProvider>(provider =>
        {
            var parts = provider.GetRequiredKeyedService<GitHubParts>(instance);
            return new GitHubDiscovery(
                parts.Client, parts.Options, parts.Repositories, new OwnerHints(parts.Client, parts.Repositories));
        });
}
