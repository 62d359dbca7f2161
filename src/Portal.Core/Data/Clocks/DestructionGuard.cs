using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Portal.Core.Data.Clocks;

/// <summary>
/// A wrong clock destroys nothing: whatever destroys, ends or gives up by time asks here first, and goes by the time
/// that it gets. The clocks are compared then and there.
/// </summary>
public sealed class DestructionGuard(
    IDbContextFactory<PortalDbContext> database, IClocks clocks, IOptions<ClockOptions> options,
    ILogger<DestructionGuard> log)
{
    /// <summary>An advisory lock that nothing else of ours uses: replicas of one machine share its anchor.</summary>
    private const long Lock = 727_004;

    /// <summary>The first question takes long, and so does one to a busy server: it is asked again.</summary>
    private const int Tries = 3;
    private static readonly TimeSpan Exact = TimeSpan.FromMilliseconds(100);

    private ClockJudgement? last;

    /// <summary>What the last look found; null before the first.</summary>
    public ClockJudgement? Last => Volatile.Read(ref last);

    /// <summary>The database's time, by which what is due may be destroyed; null when nothing may be.</summary>
    public async Task<DateTimeOffset?> NowAsync(CancellationToken cancellation)
    {
        var (reading, judged) = await LookAsync(cancellation);
        return judged.Problem is null ? reading.Database : null;
    }

    /// <summary>Compares the clocks, and remembers what they said.</summary>
    public async Task<(ClockReading Reading, ClockJudgement Judgement)> LookAsync(CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({Lock})", cancellation);
        var anchors = await db.Set<ClockAnchor>().ToListAsync(cancellation);
        var reading = await ReadAsync(cancellation);
        var mine = anchors.Find(a => a.Boot == reading.Boot);
        var judged = ClockJudgement.Of(reading, mine, anchors.Max(a => (DateTimeOffset?)a.DatabaseAt), options.Value);
        // Machines that have started anew since are compared with no more.
        db.RemoveRange(anchors.Where(a => a != mine && judged.Problem is null
            && judged.Anchor.DatabaseAt - a.DatabaseAt > TimeSpan.FromDays(1)));
        if (mine is null) db.Add(judged.Anchor);
        else (mine.DatabaseAt, mine.UptimeSeconds, mine.BelievedFrom) =
            (judged.Anchor.DatabaseAt, judged.Anchor.UptimeSeconds, judged.Anchor.BelievedFrom);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        Tell(Interlocked.Exchange(ref last, judged), judged);
        return (reading, judged);
    }

    /// <summary>As <see cref="LookAsync"/>, for who changes nothing.</summary>
    public async Task<(ClockReading Reading, ClockJudgement Judgement)> PeekAsync(CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var anchors = await db.Set<ClockAnchor>().AsNoTracking().ToListAsync(cancellation);
        var reading = await ReadAsync(cancellation);
        return (reading, ClockJudgement.Of(
            reading, anchors.Find(a => a.Boot == reading.Boot), anchors.Max(a => (DateTimeOffset?)a.DatabaseAt),
            options.Value));
    }

    /// <summary>
    /// Somebody who knows says that the database's time is right: what was seen before counts no more.
    /// </summary>
    internal static Task<int> BelieveAsync(PortalDbContext db, CancellationToken cancellation) =>
        db.Set<ClockAnchor>().ExecuteDeleteAsync(cancellation);

    private async Task<ClockReading> ReadAsync(CancellationToken cancellation)
    {
        ClockReading? best = null;
        var shortest = TimeSpan.MaxValue;
        for (var tries = 0; tries < Tries && shortest > Exact; tries++)
        {
            var (asked, uptime) = (clocks.Host, clocks.Uptime);
            var theirs = await clocks.DatabaseAsync(cancellation);
            var (host, took) = (clocks.Host, clocks.Uptime - uptime);
            if (took >= shortest) continue;
            // It answered somewhere in between.
            (best, shortest) =
                (new ClockReading(theirs, asked + (host - asked) / 2, uptime + took / 2, clocks.Boot), took);
        }

        return best!;
    }

    private void Tell(ClockJudgement? before, ClockJudgement now)
    {
        if (now.Problem is null)
        {
            if (before?.Problem is not null) log.LogInformation("The clocks agree: what is due is destroyed again");
        }
        else if (before?.Problem is null)
        {
            log.Log(
                now.Settles ? LogLevel.Information : LogLevel.Error, "Nothing is destroyed by time: {Problem}",
                now.Problem);
        }
    }
}
