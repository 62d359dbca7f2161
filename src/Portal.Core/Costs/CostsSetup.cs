using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Costs.Billing;
using Portal.Core.Shared;
using Quartz;

namespace Portal.Core.Costs;

public static class CostsSetup
{
    public static IServiceCollection AddCosts(this IServiceCollection services)
    {
        services.AddQuartz(quartz => quartz.AddSweep<ReadBillsJob>(ReadBillsJob.Key, TimeSpan.FromMinutes(15)));
        return services.AddSingleton<ReadCosts>().AddSingleton<DailyCosts>().AddSingleton<ReadBills>()
            .AddSingleton<BillReadings>()
            .AddSingleton<BilledMonths>();
    }
}
