using Microsoft.Extensions.Logging.Console;
using Portal.Web.Commands;

namespace Portal.Web.Hosting.Logs;

internal static class LogSetup
{
    /// <summary><c>text</c> or <c>json</c>.</summary>
    public const string Format = "Portal:Log:Format";

    /// <summary>
    /// Of the lines that say what was held back: they are not. Told by its name, because numbers are everybody's.
    /// </summary>
    public static readonly EventId Held = new(0, "portal-held-back");

    private const string FormatterName = "Logging:Console:FormatterName";

    public static void AddLogLines(this WebApplicationBuilder builder)
    {
        builder.Configuration[FormatterName] ??= builder.Configuration[Format]?.ToLowerInvariant() switch
        {
            null or "" or "text" => LogLines.Text,
            "json" => LogLines.Json,
            var other => throw new StartupException($"{Format} is '{other}': give text or json"),
        };
        var throttle = new LogThrottle(TimeProvider.System);
        builder.Services.AddSingleton(throttle).AddHostedService<TellHeld>();
        builder.Services.AddSingleton<ConsoleFormatter>(
            new LogLines(LogLines.Text, json: false, throttle, TimeProvider.System));
        builder.Services.AddSingleton<ConsoleFormatter>(
            new LogLines(LogLines.Json, json: true, throttle, TimeProvider.System));
    }
}

/// <summary>Says once a minute what was not written one by one.</summary>
internal sealed class TellHeld(LogThrottle throttle, TimeProvider time, ILoggerFactory logs) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        Tell(all: true);
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) Tell(all: false);
    }

    private void Tell(bool all)
    {
        foreach (var (category, message, count) in throttle.TakeHeld(all))
        {
            logs.CreateLogger(category).LogWarning(LogSetup.Held, "{Count} more of: {Message}", count, message);
        }
    }
}
