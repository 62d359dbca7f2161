using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Core.Catalog;
using Portal.Core.Delivery;
using Portal.Core.Environments.Actions;
using Portal.Core.Environments.Actions.Operations;
using Portal.Core.Environments.Comparing;
using Portal.Core.Environments.Retiring;
using Portal.Core.Environments.Sample;
using Portal.Core.Environments.Usage;
using Portal.Core.Inbound;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;
using Quartz;

namespace Portal.Core.Environments;

public static class EnvironmentsSetup
{
    /// <summary>Environments, from the request to the end. A provider belongs to it.</summary>
    public static IServiceCollection AddEnvironments(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<ProviderDefaults>, ProviderDefaultsValidator>();
        services.AddOptions<ProviderDefaults>().BindConfiguration(ProviderDefaults.Section).ValidateOnStart();
        services.AddQuartz(quartz =>
        {
            quartz.AddSweep<DeliverJob>(DeliverJob.Key, TimeSpan.FromSeconds(15));
            quartz.AddSweep<AskProvidersJob>(AskProvidersJob.Key, TimeSpan.FromMinutes(1));
            quartz.AddSweep<CompareHostsJob>(CompareHostsJob.Key, CompareHostsJob.Interval);
            quartz.AddSweep<ExpireJob>(ExpireJob.Key, TimeSpan.FromSeconds(30));
        });
        return services.AddSingleton<ProviderRegistry>()
            .AddSingleton<ProviderEventHandler, EnvironmentEvents>().AddSingleton<IPassedRunHandler, DeliverPassed>()
            .AddSingleton<IEnvironmentRecords, EnvironmentRecords>().AddSingleton<DeliverVersions>()
            .AddSingleton<EnvironmentVersions>().AddSingleton<AskProviders>().AddSingleton<CompareHosts>()
            .AddSingleton<ReadDifferences>().AddSingleton<ControlEnvironment>().AddSingleton<EnvironmentSubjects>()
            .AddSingleton<EnvironmentPlans>().AddSingleton<RequestEnvironment>().AddSingleton<RequestAdoption>()
            .AddSingleton<ReadEnvironments>().AddSingleton<RetireService>()
            .AddSingleton<ISampleHistory, SampleHistory>().AddEnvironmentActions();
    }

    public static IServiceCollection AddEnvironmentActions(this IServiceCollection services) => services
        .AddSingleton<IAction, EnvironmentCreateAction>().AddSingleton<IAction, EnvironmentAdoptAction>()
        .AddSingleton(new EnvironmentRules(EnvironmentRules.All)).AddSingleton<EnvironmentOwners>()
        .AddSingleton<Meter>()
        .AddEffect<EnvironmentCreateEffect, EnvironmentCreateArgs, EnvironmentCreated>()
        .AddEffect<EnvironmentAdoptEffect, EnvironmentAdoptArgs, EnvironmentAdopted>()
        .AddSingleton<OperationRecords>().AddSingleton<DeploymentRecords>()
        .AddOperation<StopOperation>().AddOperation<StartOperation>().AddOperation<ExtendOperation>()
        .AddOperation<DeployOperation>().AddOperation<DestroyOperation>().AddOperation<ReleaseOperation>();

    private static IServiceCollection AddOperation<TOperation>(this IServiceCollection services)
        where TOperation : EnvironmentOperation => services
        .AddEffect<TOperation, OperationArgs, OperationResult>().AddSingleton<IAction, OperationAction<TOperation>>();
}
