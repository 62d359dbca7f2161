using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Core.Data;
using Portal.Core.Replicas;
using Quartz;

namespace Portal.Core.Runs.Execution;

/// <summary>
/// A process that is asked to stop: its runs end at the next journal entry, a call that takes too long is ended, and
/// the runs are put into the scheduler anew before that closes: whoever lives takes them within two seconds, this
/// process when it comes back.
/// </summary>
internal sealed class Drain : IHostedLifecycleService, IDisposable
{
    /// <summary>This process must not be the one that takes it: its own scheduler closes right after.</summary>
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource over = new();
    private readonly CancellationTokenRegistration asked;
    private readonly ReplicaLease lease;
    private readonly RunScheduler scheduler;
    private readonly ILogger<Drain> log;
    private ITimer? patience;

    public Drain(
        IHostApplicationLifetime lifetime, IOptions<RunOptions> options, ReplicaLease lease, RunScheduler scheduler,
        TimeProvider time, ILogger<Drain> log)
    {
        (Stopping, this.lease, this.scheduler, this.log) = (lifetime.ApplicationStopping, lease, scheduler, log);
        var due = TimeSpan.FromSeconds(options.Value.DrainSeconds);
        asked = Stopping.Register(
            () => patience = time.CreateTimer(_ => over.Cancel(), null, due, Timeout.InfiniteTimeSpan));
    }

    /// <summary>The process is asked to stop: begin nothing new.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>It cannot wait any longer for calls that are under way.</summary>
    public CancellationToken Over => over.Token;

    /// <summary>
    /// Before the scheduler closes. A run that ends by itself meanwhile is found over by whoever looks.
    /// </summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        foreach (var run in lease.Held)
        {
            try
            {
                await scheduler.ScheduleAsync(run, Later, cancellationToken);
            }
            catch (Exception e) when (e is SchedulerException or OperationCanceledException || DatabaseTrouble.Is(e))
            {
                log.LogInformation("Run {Run} is left to the sweep: {Message}", run, e.Message);
            }
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        asked.Dispose();
        patience?.Dispose();
        over.Dispose();
    }
}
