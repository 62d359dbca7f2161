using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Core.Following;
using Portal.Core.Pipelines;
using Portal.Core.Providers;
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
            .AddSingleton<ReadEnvironments>().AddSingleton<ReadPipelines>();
    }

    /// <summary>The sweeps, as jobs of the portal's scheduler.</summary>
    public static void AddEnvironmentJobs(this IQuartzBuilder quartz)
    {
        Every(quartz, DeliverJob.Key, TimeSpan.FromSeconds(15), q => q.AddJob<DeliverJob>(j => j.WithIdentity(DeliverJob.Key).StoreDurably()));
        Every(quartz, AskProvidersJob.Key, TimeSpan.FromMinutes(1), q => q.AddJob<AskProvidersJob>(j => j.WithIdentity(AskProvidersJob.Key).StoreDurably()));
        Every(quartz, ExpireJob.Key, TimeSpan.FromSeconds(30), q => q.AddJob<ExpireJob>(j => j.WithIdentity(ExpireJob.Key).StoreDurably()));
    }

    private static void Every(IQuartzBuilder quartz, JobKey key, TimeSpan interval, Action<IQuartzBuilder> add)
    {
        add(quartz);
        quartz.AddTrigger(t => t.ForJob(key).WithIdentity(key.Name).StartNow().WithSimpleSchedule(s => s.WithInterval(interval).RepeatForever()));
    }
}
