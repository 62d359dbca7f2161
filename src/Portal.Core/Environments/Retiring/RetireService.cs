using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Catalog;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.Core.Environments.Retiring;

/// <summary>What retiring a service takes away, and what it leaves, in words.</summary>
/// <param name="Goes">In the order in which it goes.</param>
/// <param name="NeededBy">Entities that depend on it, by their references.</param>
/// <param name="Run">The run that created it and is undone; null when no run of the portal did.</param>
public sealed record Retirement(
    IReadOnlyList<string> Goes, IReadOnlyList<string> Stays, IReadOnlyList<string> NeededBy, Guid? Run)
{
    internal IReadOnlyList<PortalEnvironment> Apart { get; init; } = [];
}

/// <summary>
/// Ends a service by what there is for that already: each environment that was asked for later is destroyed by a run of
/// its own, and the run that created the service is undone. The record of all of it stays.
/// </summary>
public sealed class RetireService(
    IDbContextFactory<PortalDbContext> database, ReadCatalog catalog, Authorise authorise, ControlledRuns runs,
    UndoRun undo, ControlEnvironment environments)
{
    private static readonly string[] Needing = [Relations.DependencyOf, Relations.HasPart];

    /// <summary>Whether to offer it: whoever may change the entity, and undo what created it.</summary>
    public async Task<bool> MayAsync(EntityView view, Actor actor, CancellationToken cancellation)
    {
        if (!view.MayChange || !IsService(view.Entity)) return false;
        await using var db = await database.CreateDbContextAsync(cancellation);
        var run = await RunOfAsync(db, view.Entity, cancellation);
        return run is not null && run.CanUndo && await runs.RefusedAsync(run, actor, cancellation) is null;
    }

    /// <summary>Looks at everything; changes nothing.</summary>
    public async Task<Result<Retirement>> PlanAsync(EntityRef service, Actor actor, CancellationToken cancellation)
    {
        if (!(await catalog.FindAsync(service, actor, cancellation)).TryGet(out var view, out var unknown))
        {
            return unknown;
        }
        var entity = view.Entity;
        if (!IsService(entity)) return NotAService(entity);
        var owner = EntityRef.Owner(entity.Owner);
        var right = await authorise.CheckAsync(actor, Permissions.CatalogChange, owner, cancellation);
        if (right.Error is { } refused) return refused;
        await using var db = await database.CreateDbContextAsync(cancellation);
        if (await RunOfAsync(db, entity, cancellation) is not { } run) return NoRun(entity);
        if (!(await undo.PreviewAsync(run.Id, actor, cancellation)).TryGet(out var items, out var impossible))
        {
            return impossible;
        }
        var apart = await db.Set<PortalEnvironment>().AsNoTracking()
            .Where(e => e.Component == entity.Key && e.DestroyedAt == null && e.RunId != run.Id)
            .OrderBy(e => e.Name).ToListAsync(cancellation);
        foreach (var environment in apart)
        {
            if (await WhyNotAsync(environment, actor, cancellation) is { } notThisOne) return notThisOne;
        }
        return new Retirement(
            [
                .. apart.Where(e => e.AdoptedFrom is null)
                    .Select(e => $"The environment {e.Title} is destroyed with its data."),
                .. Sentences(items, isRemoved: true),
            ],
            [
                .. apart.Where(e => e.AdoptedFrom is not null)
                    .Select(e => $"The environment {e.Title} goes on running without the portal."),
                .. Sentences(items, isRemoved: false),
            ],
            [.. view.Relations.Where(r => Needing.Contains(r.Type)).Select(r => r.Target)], run.Id)
        {
            Apart = apart,
        };
    }

    /// <summary>
    /// Begins; the page of the run shows how it goes. What a later attempt finds gone, or going, it leaves alone.
    /// </summary>
    /// <returns>The run that created the service and is being undone.</returns>
    public async Task<Result<Guid>> StartAsync(EntityRef service, Actor actor, CancellationToken cancellation)
    {
        if (!(await PlanAsync(service, actor, cancellation)).TryGet(out var plan, out var refused)) return refused;
        foreach (var environment in plan.Apart)
        {
            var request = environment.AdoptedFrom is null ? OperationRequest.Destroy() : OperationRequest.Release;
            var started = await environments.ExecuteAsync(environment.Id, request, actor, cancellation);
            if (started.Error is { } error) return error;
        }
        var run = plan.Run!.Value;
        return (await undo.StartAsync(run, actor, cancellation)).Error is { } notUndone ? notUndone : run;
    }

    private async Task<Error?> WhyNotAsync(
        PortalEnvironment environment, Actor actor, CancellationToken cancellation)
    {
        var request = environment.AdoptedFrom is null ? OperationRequest.Destroy() : OperationRequest.Release;
        return (await environments.PlanAsync(environment.Id, request, actor, cancellation)).Error;
    }

    /// <summary>Two entries of the journal may be about the same thing.</summary>
    private static IEnumerable<string> Sentences(IReadOnlyList<UndoItem> items, bool isRemoved) =>
        items.Where(i => i.Preview.IsRemoved == isRemoved).Select(i => i.Preview.Sentence)
            .Distinct(StringComparer.Ordinal);

    private static Task<Run?> RunOfAsync(
        PortalDbContext db, CatalogEntity entity, CancellationToken cancellation) =>
        db.Set<Run>().AsNoTracking().SingleOrDefaultAsync(r => r.Id == entity.RunId, cancellation);

    private static bool IsService(CatalogEntity entity) =>
        entity.Kind.Equals("Component", StringComparison.OrdinalIgnoreCase);

    private static Error NotAService(CatalogEntity entity) =>
        Error.Invalid("not-a-service", $"{entity.Ref} is no component. Only services can be retired.");

    private static Error NoRun(CatalogEntity entity) => Error.Conflict(
        "service-not-created-here",
        $"{entity.Name} was not created by a run of the portal. Destroy its environments, and remove its descriptor from {entity.Repository ?? "where it is"}.");
}
