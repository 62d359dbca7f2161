using Microsoft.Extensions.Hosting;
using Quartz;

namespace Portal.Core.Runs.Execution;

/// <summary>
/// Starts Quartz when the portal answers: no page waits for it, and what it has to do is in the database meanwhile.
/// </summary>
internal sealed class StartScheduler(QuartzHostedService quartz, IHostApplicationLifetime portal) : BackgroundService
{
    /// <summary>Its start keeps a processor busy for about as long: the first answers come before it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await quartz.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var listens = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var told = portal.ApplicationStarted.Register(listens.SetResult);
        await listens.Task.WaitAsync(stoppingToken);
        await Task.Delay(Grace, TimeProvider.System, stoppingToken);
        await quartz.StartAsync(stoppingToken);
    }
}
