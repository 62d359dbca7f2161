using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Data.Clocks;
using Portal.Core.Environments.Actions.Operations;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.Core.Environments;

/// <summary>What the owner of an environment, or the time, does with it. Each is a run of one step.</summary>
public sealed class ControlEnvironment(
    IDbContextFactory<PortalDbContext> database, Authorise authorise, PlanRun plan, StartRun start, PortalRuns own,
    DestructionGuard guard, ILogger<ControlEnvironment> log)
{
    /// <returns>The run's id. What is wrong is told at once, and starts none.</returns>
    public async Task<Result<Guid>> ExecuteAsync(
        string id, OperationRequest request, Actor actor, CancellationToken cancellation) =>
        (await ProposeAsync(id, request, actor, cancellation)).TryGet(out var proposal, out var error)
            ? await start.ExecuteAsync(proposal, actor, cancellation)
            : error;

    /// <summary>What it would change, save or cost, and what goes with it; changes nothing.</summary>
    public async Task<Result<RunPlan>> PlanAsync(
        string id, OperationRequest request, Actor actor, CancellationToken cancellation) =>
        (await ProposeAsync(id, request, actor, cancellation)).TryGet(out var proposal, out var error)
            ? await plan.PlanAsync(proposal, actor, cancellation)
            : error;

    /// <summary>
    /// Has destroyed what has reached its end by the database's clock, and given back what was adopted; returns how
    /// many runs it started or has tried again. Called by a sweep and by tests.
    /// </summary>
    public async Task<int> DestroyExpiredAsync(CancellationToken cancellation)
    {
        if (await guard.NowAsync(cancellation) is not { } now) return 0;
        await using var db = await database.CreateDbContextAsync(cancellation);
        var due = await db.Set<PortalEnvironment>().AsNoTracking()
            .Where(e => e.DestroyedAt == null && e.ExpiresAt <= now).ToListAsync(cancellation);
        var begun = 0;
        foreach (var row in due)
        {
            var words = row.AdoptedFrom is null ? DestroyOperation.Words : ReleaseOperation.Words;
            var proposal = OperationProposal.Of(row, words, new JsonObject { [EndOfTime.Flag] = true });
            var run = await own.EnsureAsync(proposal, cancellation);
            if (!run.IsOk)
            {
                log.LogWarning("{Environment} has reached its end and stays: {Reason}", row.Id, run.Error.Message);
            }
            else if (run.Value is not null) begun++;
        }
        return begun;
    }

    private async Task<Result<RunProposal>> ProposeAsync(
        string id, OperationRequest request, Actor actor, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var row = await db.Set<PortalEnvironment>().AsNoTracking().SingleOrDefaultAsync(e => e.Id == id, cancellation);
        if (row is null || row.Status == EnvironmentStatus.Destroyed) return EnvironmentErrors.NotFound(id);
        var right = await authorise.CheckAsync(
            actor, request.Words.Right, EntityRef.Owner(row.Owner), cancellation);
        if (right.Error is { } refused) return refused;
        // What is being made is told by the plan.
        if (!row.IsReserved && !request.Allows(row)) return EnvironmentErrors.WrongState(row, request.Words.Past);
        return OperationProposal.Of(row, request.Words, request.Input);
    }
}
