using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.Core.Providers.Checks;

namespace Portal.Core.Following;

public static class FollowingSetup
{
    /// <summary>Whoever tells something through <see cref="IProviderEvents"/> is followed.</summary>
    public static IServiceCollection AddFollowing(this IServiceCollection services) => services
        .AddSingleton<FollowPushes>().AddSingleton<FollowPipelines>().AddSingleton<FollowEnvironments>().AddSingleton<FollowRepositories>().AddSingleton<FollowNews>()
        .AddSingleton<FollowProviders>().AddSingleton<IProviderEvents>(s => s.GetRequiredService<FollowProviders>())
        .AddSingleton<ProviderChecks>().AddHostedService<CheckProviders>();
}
