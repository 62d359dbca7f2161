using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Shared;

namespace Portal.Core.Runs;

/// <summary>A run as its page shows it.</summary>
public sealed record RunView(
    Run Run, IReadOnlyList<RunStep> Steps, IReadOnlyList<JournalEntry> Changes, bool MayControl);

/// <summary>
/// What the portal does by itself is found at what it changes: only where a subject or a creator is asked for are its
/// own runs among the others.
/// </summary>
public sealed record RunFilter
{
    public string? CreatedBy { get; init; }

    /// <summary>As <see cref="Run.Subject"/>.</summary>
    public string? Subject { get; init; }
    public string? Template { get; init; }
    public IReadOnlyList<RunStatus> Status { get; init; } = [];
    public int Offset { get; init; }

    /// <summary>1 to 1,000.</summary>
    public int Limit { get; init; } = 50;
}

/// <summary>A run that waits for an approval.</summary>
/// <param name="Question">What is asked.</param>
/// <param name="Until">When it fails without an answer; null = never.</param>
public sealed record PendingApproval(
    Guid Run, string Title, string Question, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? Until);

public sealed class ReadRuns(IDbContextFactory<PortalDbContext> database, Authorise authorise)
{
    private static readonly string ByItself = Actor.System.Ref.ToString();

    /// <summary>More than anybody answers in a day.</summary>
    private const int MostApprovals = 200;

    public async Task<Result<RunView>> FindAsync(Guid id, Actor actor, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var run = await db.Set<Run>().AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, cancellation);
        if (run is null) return RunErrors.NotFound(id);
        var owner = EntityRef.Owner(run.Owner);
        if ((await authorise.CheckAsync(actor, Permissions.RunRead, owner, cancellation)).Error is { } refused)
        {
            return refused;
        }
        var steps = await db.Set<RunStep>().AsNoTracking().Where(s => s.RunId == id).OrderBy(s => s.Position)
            .ToListAsync(cancellation);
        var changes = await db.Set<JournalEntry>().AsNoTracking().Where(j => j.RunId == id).OrderBy(j => j.Order)
            .ToListAsync(cancellation);
        var mayControl = EntityRef.Parse(run.CreatedBy) == actor.Ref
            || await authorise.MayAsync(actor, Permissions.RunChange, owner, cancellation);
        return new RunView(run, steps, changes, mayControl);
    }

    /// <summary>How many runs each template had, by its key; of all states but cancelled.</summary>
    public async Task<Result<IReadOnlyDictionary<string, int>>> CountByTemplateAsync(
        Actor actor, CancellationToken cancellation)
    {
        if (!(await authorise.VisibleAsync(actor, Permissions.RunRead, cancellation)).TryGet(
            out var visible, out var refused))
        {
            return refused;
        }
        await using var db = await database.CreateDbContextAsync(cancellation);
        return await db.Set<Run>().Visible(visible).Where(r => r.Template != null && r.Status != RunStatus.Cancelled)
            .GroupBy(r => r.Template!)
            .Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(
                g => g.Key, g => g.Count, StringComparer.Ordinal, cancellation);
    }

    /// <summary>How many runs of each state match the rest of the filter.</summary>
    public async Task<Result<IReadOnlyDictionary<RunStatus, int>>> CountByStatusAsync(
        RunFilter filter, Actor actor, CancellationToken cancellation)
    {
        if (!(await authorise.VisibleAsync(actor, Permissions.RunRead, cancellation)).TryGet(
            out var visible, out var refused))
        {
            return refused;
        }
        await using var db = await database.CreateDbContextAsync(cancellation);
        return await Matching(db, visible, filter with { Status = [] }).GroupBy(r => r.Status)
            .Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancellation);
    }

    /// <summary>Newest first.</summary>
    public async Task<Result<Page<Run>>> ListAsync(RunFilter filter, Actor actor, CancellationToken cancellation)
    {
        if (!(await authorise.VisibleAsync(actor, Permissions.RunRead, cancellation)).TryGet(
            out var visible, out var refused))
        {
            return refused;
        }
        await using var db = await database.CreateDbContextAsync(cancellation);
        var query = Matching(db, visible, filter);
        var total = await query.CountAsync(cancellation);
        var limit = Math.Clamp(filter.Limit, 1, 1_000);
        var items = await query.OrderByDescending(r => r.CreatedAt).ThenByDescending(r => r.Id).Skip(filter.Offset)
            .Take(limit).ToListAsync(cancellation);
        return new Page<Run>(items, total);
    }

    /// <summary>
    /// Runs that wait for the answer of this person, named or through a group; those that wait longest, in that order.
    /// </summary>
    public async Task<Result<IReadOnlyList<PendingApproval>>> ApprovalsForAsync(
        Actor actor, CancellationToken cancellation)
    {
        if (!(await authorise.VisibleAsync(actor, Permissions.RunRead, cancellation)).TryGet(
            out var visible, out var refused))
        {
            return refused;
        }
        await using var db = await database.CreateDbContextAsync(cancellation);
        var (me, keys) = (actor.Ref.Key, actor.Keys);
        var waiting = await db.Set<Run>().Visible(visible).Where(r => r.Status == RunStatus.Waiting && r.Wait != null)
            .Where(r => r.Approvers == null || r.Approvers.Any(a => keys.Contains(a)))
#pragma warning disable CA1862 // It becomes SQL.
            .Where(r => r.CreatedBy.ToLower() != me && (r.RetriedBy ?? r.CreatedBy).ToLower() != me)
#pragma warning restore CA1862
            .OrderBy(r => r.CreatedAt).ThenBy(r => r.Id).Take(MostApprovals)
            .Select(r => new { r.Id, r.Title, r.CreatedBy, r.RetriedBy, r.CreatedAt, r.Wait })
            .ToListAsync(cancellation);
        return waiting.Select(r => (Run: r, Wait: JsonSerializer.Deserialize<RunWait>(r.Wait!, Json.Options)!))
            // Of those that a release before this one made to wait, the column does not say it.
            .Where(r => r.Wait.Kind == WaitKind.Approval
                && WakeRun.MayNotDecide([r.Run.CreatedBy, r.Run.RetriedBy ?? r.Run.CreatedBy], r.Wait, actor) is null)
            .Select(r => new PendingApproval(
                r.Run.Id, r.Run.Title, r.Wait.Title, r.Run.CreatedBy, r.Run.CreatedAt, r.Wait.Until)).ToList();
    }

    private static IQueryable<Run> Matching(PortalDbContext db, VisibleOwners visible, RunFilter filter)
    {
        var query = db.Set<Run>().AsNoTracking().Visible(visible);
        if (filter.CreatedBy is { } person) query = query.Where(r => r.CreatedBy == person);
        if (filter.Subject is { } subject) query = query.Where(r => r.Subject == subject);
        if (filter is { CreatedBy: null, Subject: null }) query = query.Where(r => r.CreatedBy != ByItself);
        if (filter.Template is { } template) query = query.Where(r => r.Template == template);
        if (filter.Status.Count > 0) query = query.Where(r => filter.Status.Contains(r.Status));
        return query;
    }
}
