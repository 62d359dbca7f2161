using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Core.Environments.Comparing;
using Portal.Core.Following;
using Portal.Core.Pipelines;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Quartz;

namespace Portal.Core.Environments;

public static class EnvironmentsSetup
{
    /// <summary>Environments and the pipelines that feed them. <c>AddCosts</c> and a provider belong to it.</summary>
    public static IServiceCollection AddEnvironments(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<ProviderDefaults>, ProviderDefaultsValidator>();
        services.AddOptions<ProviderDefaults>().BindConfiguration(ProviderDefaults.Section).ValidateOnStart();
        return services.AddSingleton<ProviderRegistry>()
            .AddSingleton<IEnvironmentRecords, EnvironmentRecords>().AddSingleton<DeployVersion>().AddSingleton<DeliverVersions>()
            .AddSingleton<EnvironmentVersions>().AddSingleton<AskProviders>().AddFollowing()
            .AddSingleton<ControlEnvironment>().AddSingleton<EnvironmentSubjects>().AddSingleton<RequestEnvironment>().AddSingleton<EnvironmentPlans>().AddSingleton<RequestAdoption>()
            .AddSingleton<ReadEnvironments>().AddSingleton<ReadPipelines>().AddSingleton<CompareHosts>().AddSingleton<ReadDifferences>();
    }

    /// <summary>The sweeps, as jobs of the portal's scheduler.</summary>
    public static void AddEnvironmentJobs(this IQuartzBuilder quartz)
    {
        quartz.AddSweep<DeliverJob>(DeliverJob.Key, TimeSpan.FromSeconds(15));
        quartz.AddSweep<AskProvidersJob>(AskProvidersJob.Key, TimeSpan.FromMinutes(1));
        quartz.AddSweep<CompareHostsJob>(CompareHostsJob.Key, CompareHostsJob.Interval);
        quartz.AddSweep<ExpireJob>(ExpireJob.Key, TimeSpan.FromSeconds(30));
    }
}
