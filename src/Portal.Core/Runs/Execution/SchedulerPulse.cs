using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Core.Replicas;

namespace Portal.Core.Runs.Execution;

/// <summary>
/// Whether the scheduler really works, by what it last did in the database, not by what it says of itself.
/// </summary>
public sealed class SchedulerPulse(NpgsqlDataSource database, IOptions<ReplicaOptions> options)
{
    private readonly long began = TimeProvider.System.GetTimestamp();

    /// <summary>
    /// For how long this replica has not checked in, or a sweep that any replica would have begun is overdue, whichever
    /// is longer. Zero when both are in time; both come every few seconds. What was before this process began does not
    /// count.
    /// </summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<TimeSpan> SilenceAsync(CancellationToken cancellation)
    {
        // Quartz writes ticks of UTC.
        await using var command = database.CreateCommand("""
            select greatest(
              (select $1 - min(next_fire_time) from quartz.qrtz_triggers where trigger_name = 'run-sweep'),
              (select $1 - last_checkin_time from quartz.qrtz_scheduler_state where instance_name = $2),
              0)
            """);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = TimeProvider.System.GetUtcNow().UtcTicks });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = options.Value.Name });
        var silence = TimeSpan.FromTicks(await command.ExecuteScalarAsync(cancellation) is long ticks ? ticks : 0);
        var alive = TimeProvider.System.GetElapsedTime(began);
        return silence < alive ? silence : alive;
    }
}
