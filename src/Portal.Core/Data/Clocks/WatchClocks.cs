using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Portal.Core.Data.Clocks;

/// <summary>Compares the clocks again and again, so that health knows and a jump is seen while it is one.</summary>
internal sealed class WatchClocks(
    DestructionGuard guard, TimeProvider time, ILogger<WatchClocks> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                await guard.LookAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogWarning("The clocks cannot be compared: {Message}", e.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}

public static class ClocksSetup
{
    public static IServiceCollection AddClocks(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ClockOptions>().Bind(configuration.GetSection(ClockOptions.Section))
            .Validate(
                o => o.LimitSeconds is >= 10 and <= 86_400,
                $"{ClockOptions.Section}:LimitSeconds must be 10 to 86400.").ValidateOnStart();
        return services.AddSingleton<IClocks, MachineClocks>().AddSingleton<DestructionGuard>()
            .AddHostedService<WatchClocks>();
    }
}
