using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace Portal.Core.Data.Clocks;

/// <summary>
/// The clocks that can be compared. What ends by time ends by the database's, which all replicas share.
/// </summary>
public interface IClocks
{
    Task<DateTimeOffset> DatabaseAsync(CancellationToken cancellation);

    /// <summary>Of this machine; anybody may set it.</summary>
    DateTimeOffset Host { get; }

    /// <summary>Since this machine started, sleep included; nobody can set it.</summary>
    TimeSpan Uptime { get; }

    /// <summary>Names this life of this machine: uptimes of another cannot be compared.</summary>
    string Boot { get; }
}

/// <summary>As they are.</summary>
internal sealed class MachineClocks(IDbContextFactory<PortalDbContext> database, TimeProvider time) : IClocks
{
    private const string BootFile = "/proc/sys/kernel/random/boot_id";

    public DateTimeOffset Host => time.GetUtcNow();

    public TimeSpan Uptime => File.Exists("/proc/uptime")
        ? TimeSpan.FromSeconds(
            double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture))
        : TimeSpan.FromMilliseconds(Environment.TickCount64);

    public string Boot { get; } = File.Exists(BootFile) ? File.ReadAllText(BootFile).Trim() : Environment.MachineName;

    public async Task<DateTimeOffset> DatabaseAsync(CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        return await db.Database.SqlQuery<DateTimeOffset>($"select clock_timestamp() as \"Value\"")
            .SingleAsync(cancellation);
    }
}
