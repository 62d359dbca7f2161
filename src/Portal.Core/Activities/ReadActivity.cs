using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Environments.Actions.Operations;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.Core.Activities;

public sealed record ActivityFilter
{
    public string? Actor { get; init; }

    /// <summary>Key of the owner of what was changed.</summary>
    public string? Owner { get; init; }

    /// <summary>Exact subject, e.g. an entity reference.</summary>
    public string? Subject { get; init; }

    /// <summary>Any of these subjects; empty = all.</summary>
    public IReadOnlyList<string> Subjects { get; init; } = [];

    /// <summary>Keys of owners, any of them; empty = all.</summary>
    public IReadOnlyList<string> Owners { get; init; } = [];
    public string? Search { get; init; }

    /// <summary>
    /// Leaves out what a run says of a change that the changed thing tells itself, so that a reader sees each change
    /// once. The record keeps both: the run's is the proof of who did it, the thing's that it is there.
    /// </summary>
    public bool EachChangeOnce { get; init; }
    public DateTimeOffset? Since { get; init; }

    /// <summary>Before it.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Part of the name or title of a person; null = whoever.</summary>
    public string? Person { get; init; }

    /// <summary>What was changed, any of them; empty = all.</summary>
    public IReadOnlyList<ActivityKind> Kinds { get; init; } = [];
    public int Offset { get; init; }

    /// <summary>1 to 500.</summary>
    public int Limit { get; init; } = 50;
}

/// <summary>What a change was made to. A run is also of the kinds of what it made.</summary>
public enum ActivityKind { Run, Repository, Pipeline, Environment, Catalog, Access, Settings }

/// <summary>A change as a reader follows it: what a run did is one, however much it was.</summary>
/// <param name="Event">Of a run its start.</param>
/// <param name="Run">Null: it was no run.</param>
public sealed record ActivityEntry(AuditEvent Event, ActivityRun? Run);

/// <param name="Events">What is on record of it after its start, the oldest first.</param>
public sealed record ActivityRun(Guid Id, string Title, RunStatus Status, IReadOnlyList<AuditEvent> Events);

/// <summary>Who changed what and when, newest first.</summary>
public sealed class ReadActivity(IDbContextFactory<PortalDbContext> database, Authorise authorise)
{
    /// <summary>
    /// Kinds of effects after which the environment, or each entity, has a record of its own; and the course of an
    /// operation that went well.
    /// </summary>
    private static readonly string[] ToldByWhatChanged =
    [
        "environment.create", "environment.adopt", "catalog.register", "operation.started", "operation.completed",
        StopOperation.Words.Kind,
        StartOperation.Words.Kind, ExtendOperation.Words.Kind, DeployOperation.Words.Kind, DestroyOperation.Words.Kind,
        ReleaseOperation.Words.Kind,
    ];

    private const string OfRun = "run:";
    private const string Started = "run.started";

    /// <summary>Of a page of entries: what more a run did is on its page.</summary>
    private const int MostWithin = 2_000;

    /// <summary>What stays an entry of its own beside the run: what people said to it.</summary>
    private static readonly string[] Heads =
        [Started, "run.approved", "run.rejected", "run.retried", "run.cancel-requested", "run.undo-requested"];

    /// <summary>What is made by runs alone, which tell of it.</summary>
    private static readonly string[] ToldByRun = ["environment.created", "environment.adopted"];

    private static readonly Dictionary<ActivityKind, string[]> Subjects = new()
    {
        [ActivityKind.Run] = ["run"], [ActivityKind.Repository] = ["repository"],
        [ActivityKind.Pipeline] = ["pipeline"], [ActivityKind.Environment] = ["environment"],
        [ActivityKind.Catalog] = ["component", "api", "resource", "system", "domain", "location", "template"],
        [ActivityKind.Access] = ["user", "group"], [ActivityKind.Settings] = ["portal", "provider"],
    };

    private static readonly Dictionary<ActivityKind, string[]> Actions = new()
    {
        [ActivityKind.Run] = [], [ActivityKind.Repository] = ["repository"], [ActivityKind.Pipeline] = ["pipeline"],
        [ActivityKind.Environment] = ["environment"], [ActivityKind.Catalog] = ["catalog"],
        [ActivityKind.Access] = ["token", "membership", "role"], [ActivityKind.Settings] = [],
    };

    public async Task<Result<Page<AuditEvent>>> ListAsync(
        ActivityFilter filter, Actor actor, CancellationToken cancellation)
    {
        if (!(await authorise.VisibleAsync(actor, Permissions.ActivityRead, cancellation)).TryGet(
            out var visible, out var refused))
        {
            return refused;
        }
        await using var db = await database.CreateDbContextAsync(cancellation);
        return await PageAsync(Matching(db, visible, filter), filter, cancellation);
    }

    /// <summary>
    /// The same with what belongs together in one entry: a run with all that it made, of an operation what changed.
    /// </summary>
    public async Task<Result<Page<ActivityEntry>>> GroupedAsync(
        ActivityFilter filter, Actor actor, CancellationToken cancellation)
    {
        if (!(await authorise.VisibleAsync(actor, Permissions.ActivityRead, cancellation)).TryGet(
            out var visible, out var refused))
        {
            return refused;
        }
        await using var db = await database.CreateDbContextAsync(cancellation);
        var heads = Matching(db, visible, filter with { EachChangeOnce = true })
            .Where(e => !e.Subject.StartsWith(OfRun) || Heads.Contains(e.Action) || e.Action.StartsWith("operation."))
            .Where(e => !ToldByRun.Contains(e.Action))
#pragma warning disable CA1862 // It becomes SQL.
            .Where(e => e.Action != "entity.created"
                || !db.Set<CatalogEntity>().Any(c => c.Key == e.Subject.ToLower() && (c.RunId != null || c.IsSample)));
#pragma warning restore CA1862
        var page = await PageAsync(heads, filter, cancellation);
        var runs = await RunsAsync(db, visible, page.Items, cancellation);
        return new Page<ActivityEntry>(
            [.. page.Items.Select(e => new ActivityEntry(
                e, e.Action == Started ? runs.GetValueOrDefault(e.Subject) : null))],
            page.Total);
    }

    private static async Task<Dictionary<string, ActivityRun>> RunsAsync(
        PortalDbContext db, VisibleOwners visible, IReadOnlyList<AuditEvent> heads, CancellationToken cancellation)
    {
        var subjects = heads.Where(e => e.Action == Started).Select(e => e.Subject).ToList();
        if (subjects.Count == 0) return [];
        var ids = subjects.Select(s => Guid.TryParse(s[OfRun.Length..], out var id) ? id : Guid.Empty).ToList();
        var runs = await db.Set<Run>().AsNoTracking().Where(r => ids.Contains(r.Id))
            .Select(r => new { r.Id, r.Title, r.Status }).ToListAsync(cancellation);
        var events = await db.Set<AuditEvent>().AsNoTracking().Visible(visible)
            .Where(e => subjects.Contains(e.Subject) && e.Action != Started).OrderBy(e => e.Number)
            .Take(MostWithin).ToListAsync(cancellation);
        var within = events.ToLookup(e => e.Subject, StringComparer.Ordinal);
        return runs.ToDictionary(
            r => $"{OfRun}{r.Id}", r => new ActivityRun(r.Id, r.Title, r.Status, [.. within[$"{OfRun}{r.Id}"]]),
            StringComparer.Ordinal);
    }

    private static IQueryable<AuditEvent> Matching(PortalDbContext db, VisibleOwners visible, ActivityFilter filter)
    {
        var query = db.Set<AuditEvent>().AsNoTracking().Visible(visible);
        if (filter.Actor is { } who) query = query.Where(e => e.Actor == who);
        if (filter.Owner is { } owner) query = query.Where(e => e.Owner == owner);
        if (filter.Subject is { } subject) query = query.Where(e => e.Subject == subject);
        if (filter.Subjects.Count > 0) query = query.Where(e => filter.Subjects.Contains(e.Subject));
        if (filter.Owners.Count > 0) query = query.Where(e => filter.Owners.Contains(e.Owner!));
        if (filter.Since is { } since) query = query.Where(e => e.At >= since);
        if (filter.Until is { } until) query = query.Where(e => e.At < until);
        if (filter.Person is { Length: > 0 } person)
        {
            var named = Like.Containing(person);
#pragma warning disable CA1862 // It becomes SQL.
            query = query.Where(e => EF.Functions.ILike(e.Actor, named) || db.Set<CatalogEntity>().Any(
                u => u.Key == e.Actor.ToLower() && EF.Functions.ILike(u.Title!, named)));
#pragma warning restore CA1862
        }
        if (filter.Kinds.Count > 0) query = OfKinds(db, query, filter.Kinds);
        if (filter.EachChangeOnce) query = query.Where(e => !ToldByWhatChanged.Contains(e.Action));
        if (filter.Search is { Length: > 0 } text)
        {
            var like = Like.Containing(text);
            query = query.Where(e => EF.Functions.ILike(e.Summary, like) || EF.Functions.ILike(e.Subject, like)
                || EF.Functions.ILike(e.Actor, like));
        }
        return query;
    }

    private static IQueryable<AuditEvent> OfKinds(
        PortalDbContext db, IQueryable<AuditEvent> query, IReadOnlyList<ActivityKind> kinds)
    {
        var subjects = kinds.SelectMany(k => Subjects[k]).Select(s => s + ":%").ToArray();
        // Of a run what it did stands in its actions, which begin with the same words.
        var actions = kinds.SelectMany(k => Actions[k]).Select(a => a + ".%").ToArray();
        return query.Where(e => subjects.Any(s => EF.Functions.Like(e.Subject, s))
            || actions.Any(a => EF.Functions.Like(e.Action, a))
            || (e.Action == Started && db.Set<AuditEvent>().Any(
                x => x.Subject == e.Subject && actions.Any(a => EF.Functions.Like(x.Action, a)))));
    }

    private static async Task<Page<AuditEvent>> PageAsync(
        IQueryable<AuditEvent> query, ActivityFilter filter, CancellationToken cancellation)
    {
        var total = await query.CountAsync(cancellation);
        var items = await query.OrderByDescending(e => e.Number).Skip(filter.Offset)
            .Take(Math.Clamp(filter.Limit, 1, 500)).ToListAsync(cancellation);
        return new Page<AuditEvent>(items, total);
    }
}
