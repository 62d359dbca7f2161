using System.Runtime.CompilerServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Portal.Providers.Local.Environments;

/// <summary>
/// Looks after every environment about once a second. It stops with the portal; the processes do not.
/// </summary>
internal sealed partial class EnvironmentSupervisor(
    LocalEnvironments environments, ILogger<EnvironmentSupervisor> logger) : BackgroundService
{
    private readonly ConditionalWeakTable<SupervisedEnvironment, Supervision> supervised = [];

    /// <summary>Looks once.</summary>
    public Task TickAsync(CancellationToken cancellation) =>
        Task.WhenAll(environments.Supervised.Select(e => TickAsync(e, cancellation)));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await environments.LoadedAsync();
        // Processes live by the machine's clock, whatever clock the portal has been given.
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), TimeProvider.System);
        do
        {
            // None waits for another: one that takes its time to end is simply looked at again later.
            foreach (var environment in environments.Supervised) _ = TickAsync(environment, stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task TickAsync(SupervisedEnvironment environment, CancellationToken cancellation)
    {
        try
        {
            await supervised.GetValue(environment, e => new Supervision(e)).TickAsync(cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // One environment in trouble must not leave the others alone.
            LogFailure(logger, environment.State.Id, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Environment {Id} could not be looked after; it is tried again")]
    private static partial void LogFailure(ILogger logger, string id, Exception e);
}
