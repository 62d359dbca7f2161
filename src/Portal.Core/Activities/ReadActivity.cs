using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Core.Environments.Actions.Operations;
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
    public int Offset { get; init; }

    /// <summary>1 to 500.</summary>
    public int Limit { get; init; } = 50;
}

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

    public async Task<Result<Page<AuditEvent>>> ListAsync(
        ActivityFilter filter, Actor actor, CancellationToken cancellation)
    {
        if (!(await authorise.VisibleAsync(actor, Permissions.ActivityRead, cancellation)).TryGet(
            out var visible, out var refused))
        {
            return refused;
        }
        await using var db = await database.CreateDbContextAsync(cancellation);
        var query = db.Set<AuditEvent>().AsNoTracking().Visible(visible);
        if (filter.Actor is { } who) query = query.Where(e => e.Actor == who);
        if (filter.Owner is { } owner) query = query.Where(e => e.Owner == owner);
        if (filter.Subject is { } subject) query = query.Where(e => e.Subject == subject);
        if (filter.Subjects.Count > 0) query = query.Where(e => filter.Subjects.Contains(e.Subject));
        if (filter.Owners.Count > 0) query = query.Where(e => filter.Owners.Contains(e.Owner!));
        if (filter.Since is { } since) query = query.Where(e => e.At >= since);
        if (filter.EachChangeOnce) query = query.Where(e => !ToldByWhatChanged.Contains(e.Action));
        if (filter.Search is { Length: > 0 } text)
        {
            var like = Like.Containing(text);
            query = query.Where(e => EF.Functions.ILike(e.Summary, like) || EF.Functions.ILike(e.Subject, like)
                || EF.Functions.ILike(e.Actor, like));
        }
        var total = await query.CountAsync(cancellation);
        var items = await query.OrderByDescending(e => e.Number).Skip(filter.Offset)
            .Take(Math.Clamp(filter.Limit, 1, 500)).ToListAsync(cancellation);
        return new Page<AuditEvent>(items, total);
    }
}
