using System.Globalization;
using Npgsql;
using Portal.Core.Data;
using Portal.Core.Replicas;

namespace Portal.Web.Commands.Doctor;

/// <summary>Who executes, and whether anything waits that should not. All times are the database's.</summary>
internal static class ReplicaChecks
{
    /// <summary>As the replicas themselves tell.</summary>
    private static readonly string Alive = string.Create(
        CultureInfo.InvariantCulture, $"seen_at > clock_timestamp() - interval '{ReplicaLease.DeadAfter} seconds'");

    public static async Task<IReadOnlyList<Finding>> RunAsync(
        NpgsqlConnection connection, CancellationToken cancellation)
    {
        var alive = await connection.ReadAsync<long>($"select count(*) from replicas where {Alive}", cancellation);
        return
        [
            await ReplicasAsync(connection, cancellation),
            await WaitingAsync(connection, alive, cancellation),
            await HeldAsync(connection, alive, cancellation),
            await TriggersAsync(connection, cancellation),
        ];
    }

    private static async Task<Finding> ReplicasAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        const string name = "replicas";
        var names = await connection.ListAsync($"select name from replicas where {Alive} order by name", cancellation);
        var twice = names.GroupBy(n => n, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key).ToList();
        var versions = await connection.ListAsync(
            $"select distinct version from replicas where {Alive} order by version", cancellation);
        var seen = $"{names.Count} alive: {string.Join(", ", names)}";
        return names.Count == 0 ? Finding.Warn(name, "none is alive: nothing executes runs", "start the portal")
            : twice.Count > 0 ? Finding.Fail(
                name, $"{seen}: the name {string.Join(", ", twice)} is used twice",
                "give every replica its own Portal:Replica:Name")
            : versions.Count > 1 ? Finding.Warn(
                name, $"{seen}, of versions {string.Join(" and ", versions)}",
                "finish the upgrade: replace the older ones")
            : Finding.Ok(name, seen);
    }

    private static async Task<Finding> WaitingAsync(
        NpgsqlConnection connection, long alive, CancellationToken cancellation)
    {
        const string name = "queue";
        var late = await connection.ReadAsync<long>(
            """
            select count(*) from runs r where r.status = 'Queued'
            and greatest(r.created_at, (select max(e.at) from run_events e where e.run_id = r.id)) < now() - interval '1 minute'
            """, cancellation);
        var idle = await connection.ListAsync(
            $"select name from replicas where {Alive} and incarnation not in (select held_by from runs where held_by is not null) order by name",
            cancellation);
        var seen = $"{late} runs wait longer than a minute";
        return late == 0 ? Finding.Ok(name, "no run waits longer than a minute")
            : idle.Count > 0 ? Finding.Fail(
                name, $"{seen} while {string.Join(", ", idle)} is idle",
                "look at its console for errors of the scheduler, then restart it")
            : alive == 0 ? Finding.Warn(name, $"{seen}, and no replica is alive", "start the portal")
            : Finding.Warn(name, $"{seen}: every replica is busy", "add a replica, or raise Portal:Runs:AtOnce");
    }

    private static async Task<Finding> HeldAsync(
        NpgsqlConnection connection, long alive, CancellationToken cancellation)
    {
        const string name = "held runs";
        var orphans = await connection.ReadAsync<long>(
            """
            select count(*) from runs r left join replicas p on p.incarnation = r.held_by
            where r.held_by is not null and r.status in ('Running', 'Undoing') and (p.seen_at is null or p.seen_at < now() - interval '20 seconds')
            """, cancellation);
        return orphans == 0 ? Finding.Ok(name, "no dead replica holds a run")
            : alive == 0 ? Finding.Warn(
                name, $"{orphans} runs are held by replicas that are gone", "start the portal: it takes them over")
            : Finding.Fail(
                name, $"{orphans} runs are held by replicas that are gone, and nobody takes them over",
                "look at the consoles for errors of the sweep, then restart one replica after the other");
    }

    private static async Task<Finding> TriggersAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        const string name = "triggers";
        if (!await connection.ReadAsync<bool>(
            $"select to_regclass('{QuartzSchema.TablePrefix}triggers') is not null", cancellation))
        {
            return Finding.Warn(name, "the scheduler has no tables", "start the portal, which makes them");
        }

        var failed = await connection.ListAsync(
            $"select trigger_group || '.' || trigger_name from {QuartzSchema.TablePrefix}triggers where trigger_state = 'ERROR' order by 1 limit 5",
            cancellation);
        return failed.Count == 0 ? Finding.Ok(name, "none has failed")
            : Finding.Fail(
                name, $"failed: {string.Join(", ", failed)}",
                "its job could not be made; after mending the cause: update quartz.qrtz_triggers set trigger_state = 'WAITING' where trigger_state = 'ERROR'");
    }
}
