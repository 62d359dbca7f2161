using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Costs.Billing;
using Portal.Core.Shared;
using Quartz;

namespace Portal.Core.Costs;

public static class CostsSetup
{
    public static IServiceCollection AddCosts(this IServiceCollection services) => services.AddSingleton<Meter>().AddSingleton<ReadCosts>()
        .AddSingleton<ReadBills>().AddSingleton<BillReadings>().AddSingleton<BilledMonths>();

    /// <summary>Reading the bills, as a job of the portal's scheduler.</summary>
    public static void AddCostJobs(this IQuartzBuilder quartz)
    {
        quartz.AddSweep<ReadBillsJob>(ReadBillsJob.Key, TimeSpan.FromMinutes(15));
    }
}
