using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Inbound;

namespace Portal.Core.Activities;

public static class ActivitiesSetup
{
    /// <summary>What happened, read; and what others do at providers, put on record.</summary>
    public static IServiceCollection AddActivities(this IServiceCollection services) =>
        services.AddSingleton<ReadActivity>().AddSingleton<ProviderEventHandler, ReportedEvents>();
}
