using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Providers.Local.Pipelines.Jobs;
using Portal.Providers.Local.Pipelines.Runs;

namespace Portal.Providers.Local.Pipelines;

/// <summary>
/// The keeper's part: what an earlier process left running goes on when this one begins, and what runs ends with this
/// one.
/// </summary>
internal sealed partial class PipelineDuty(
    Machine machine, PipelineRuns runs, ILogger<PipelineDuty> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (machine.Sandbox.Isolation.Missing is { } why) LogNotIsolated(logger, why);
        if (machine.NetworkMissing is { } missing) LogNoNetwork(logger, missing);
        _ = runs.LoadedAsync().ContinueWith(
            t => LogNotLoaded(
                logger,
                t.Exception!), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => runs.StopAsync(cancellationToken);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "Jobs and environments are not isolated from this machine: {Why}")]
    private static partial void LogNotIsolated(ILogger logger, string why);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "Jobs fail, because they are to have the network outside: {Why}")]
    private static partial void LogNoNetwork(ILogger logger, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "The local pipeline runs could not be read")]
    private static partial void LogNotLoaded(ILogger logger, Exception e);
}
