using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Delivery.Actions;
using Portal.Core.Delivery.Reports;
using Portal.Core.Inbound;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;

namespace Portal.Core.Delivery;

public static class DeliverySetup
{
    /// <summary>Pipeline runs, as their hosts tell of them.</summary>
    public static IServiceCollection AddDelivery(this IServiceCollection services) =>
        services.AddSingleton<ReadPipelines>().AddSingleton<ReadPipelineReport>().AddSingleton<ReadArtifacts>()
            .AddSingleton<NewestVersion>()
            .AddSingleton<ProviderEventHandler, PipelineEvents>().AddDeliveryActions();

    public static IServiceCollection AddDeliveryActions(this IServiceCollection services) =>
        services.AddSingleton<IAction, PipelineRunAction>()
            .AddEffect<PipelineTriggerEffect, PipelineTriggerArgs, PipelineTriggered>();
}
