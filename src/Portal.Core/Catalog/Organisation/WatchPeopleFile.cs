using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Portal.Core.Catalog.Organisation;

/// <summary>
/// Looks at the people file every few seconds: what mounts and editors do to a file, the file system does not tell
/// reliably.
/// </summary>
internal sealed class WatchPeopleFile(
    PeopleFile file, TimeProvider time, ILogger<WatchPeopleFile> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (file.State.Path is null) return;
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await file.LookAsync(stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or DbUpdateException or TimeoutException
                or InvalidOperationException)
            {
                log.LogWarning("The people file was not taken, and is looked at again: {Message}", e.Message);
            }
        }
    }
}
