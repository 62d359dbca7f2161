using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Data.Clocks;
using Portal.Core.Shared;

namespace Portal.Core.Runs;

/// <summary>
/// What the portal wants done by itself, and asks for again at each sweep: one run for each wish, however often it is
/// asked for and however long a provider is down. What is under way is left alone; what failed is tried again, at
/// growing intervals.
/// </summary>
public sealed class PortalRuns(
    IDbContextFactory<PortalDbContext> database, StartRun start, RetryRun retry, IClocks clocks)
{
    private const int Lately = 20;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);
    private static readonly string ByItself = Actor.System.Ref.ToString();

    /// <param name="proposal">Of one subject. The same wish is the same specification.</param>
    /// <returns>The run that was started or goes on; null when there is nothing to do for now.</returns>
    public async Task<Result<Guid?>> EnsureAsync(RunProposal proposal, CancellationToken cancellation)
    {
        if (await IsUnderWayAsync(proposal, cancellation)) return Nothing;
        if (await LastAsync(proposal, cancellation) is { CanRetry: true } last)
        {
            if (NextAt(last) is { } next && next > await clocks.DatabaseAsync(cancellation)) return Nothing;
            var again = await retry.ExecuteAsync(last.Id, new RetryRunRequest(), Actor.System, cancellation);
            return again.IsOk ? Result<Guid?>.Ok(last.Id) : again.Error;
        }
        var started = await start.ExecuteAsync(proposal, Actor.System, cancellation);
        return started.IsOk ? Result<Guid?>.Ok(started.Value) : started.Error;
    }

    /// <summary>
    /// When the portal tries it again by itself, if it still wants it then; null for what it does not try again.
    /// </summary>
    public static DateTimeOffset? NextAt(Run run)
    {
        if (run.CreatedBy != ByItself || !run.CanRetry || run.FinishedAt is not { } ended) return null;
        // Doubled with each attempt, up to the longest: 2^6 minutes are above it.
        var pause = FirstPause * Math.Pow(2, Math.Clamp(run.Attempt - 1, 0, 6));
        return ended + (pause < LongestPause ? pause : LongestPause);
    }

    private static Result<Guid?> Nothing => Result<Guid?>.Ok(null);

    private async Task<bool> IsUnderWayAsync(RunProposal proposal, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        return await db.Set<Run>()
            .AnyAsync(r => r.Subject == proposal.Subject && UnderWay.Statuses.Contains(r.Status), cancellation);
    }

    private async Task<Run?> LastAsync(RunProposal proposal, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var runs = await db.Set<Run>().AsNoTracking()
            .Where(r => r.Subject == proposal.Subject && r.CreatedBy == ByItself)
            .OrderByDescending(r => r.CreatedAt).ThenByDescending(r => r.Id).Take(Lately).ToListAsync(cancellation);
        var wish = JsonSerializer.SerializeToNode(proposal.Spec, Json.Options);
        return runs.Find(r => JsonNode.DeepEquals(JsonNode.Parse(r.Spec), wish));
    }
}
