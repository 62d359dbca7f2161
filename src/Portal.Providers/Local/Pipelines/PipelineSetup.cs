using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Core.Providers;
using Portal.Providers.Local.Pipelines.Jobs;
using Portal.Providers.Local.Pipelines.Runs;
using Portal.Providers.Local.Processes;
using Portal.Providers.Local.Sharing;

namespace Portal.Providers.Local.Pipelines;

/// <summary>Registration of the local pipelines.</summary>
internal static class PipelineSetup
{
    public static IServiceCollection AddLocalPipelines(this IServiceCollection services)
    {
        services.AddSingleton(provider => new ProcessSandbox(
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<LocalOptions>>().Value.JobUser));
        services.AddSingleton(MachineOf);
        services.AddSingleton<PipelineRuns>().AddSingleton<WorkflowDispatch>().AddSingleton<LocalPipelineHost>();
        services.AddShared<IPipelineHost, LocalPipelineHost>();
        services.AddSingleton<IProvider>(provider => provider.GetRequiredService<IPipelineHost>());
        services.AddSingleton<ILocalPushes, PushedWorkflows>();
        services.AddSingleton<ILocalArtifacts, PipelineArtifacts>();
        services.AddSingleton<IProvider, ArtifactFiles>();
        services.AddSingleton<PipelineDuty>();
        services.AddDuty<PipelineDuty>();
        return services;
    }

    private static Machine MachineOf(IServiceProvider provider)
    {
        var (folders, sandbox) = (
            provider.GetRequiredService<LocalFolders>(), provider.GetRequiredService<ProcessSandbox>());
        var address = provider.GetRequiredService<IPortalAddress>();
        var local = provider.GetRequiredService<IOptions<LocalOptions>>().Value;
        var options = local.Pipelines;
        var configuration = provider.GetRequiredService<IConfiguration>();
        var packages = Path.GetFullPath(Path.Combine(configuration["Portal:Data"] ?? ".data", "packages", "job.env"));
        return new Machine(
            sandbox, new RunFolders(folders.Pipelines, sandbox.User), options, new JobSlots(
                options.MaxRunningJobs), new Concurrency(),
            provider.GetRequiredService<TimeProvider>(), () => JobEnvironmentFile.Read(packages), () => address.Url)
        {
            Packages = Path.GetDirectoryName(packages),
            Network = local.Network ? Denied(local, configuration, () => address.Url) : null,
        };
    }

    private static DeniedNetworks Denied(LocalOptions options, IConfiguration configuration, Func<string> portal) =>
        new(
            [.. options.DeniedNetworks.Select(n => DeniedNetworks.Parse(n)!.Value)],
            [configuration.GetConnectionString("Portal"), configuration.GetConnectionString("PortalDirect")], portal);
}
