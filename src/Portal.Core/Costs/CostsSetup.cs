using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.Costs;

public static class CostsSetup
{
    public static IServiceCollection AddCosts(this IServiceCollection services) => services.AddSingleton<Meter>().AddSingleton<ReadCosts>();
}
