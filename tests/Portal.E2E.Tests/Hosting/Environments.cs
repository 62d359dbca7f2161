using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;

namespace Portal.E2E.Tests.Hosting;

internal static class Environments
{
    /// <summary>Environments outlive the portal, so a test takes its own down.</summary>
    public static async Task DestroyAllAsync(IServiceProvider services)
    {
        foreach (var host in services.GetServices<IEnvironmentHost>())
        {
            foreach (var environment in await host.ListAsync(CancellationToken.None))
            {
                await host.DestroyAsync(environment.Id, CancellationToken.None);
            }
        }
    }
}
