using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Delivery;

/// <summary>Pipeline runs as the portal knows them, their logs, and what one can do with them.</summary>
public sealed class ReadPipelines(
    IDbContextFactory<PortalDbContext> database, Authorise authorise, ProviderRegistry providers,
    IProviderEvents events, TimeProvider time)
{
    public async Task<Result<PipelineRun>> FindAsync(string id, Actor actor, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var row = await db.Set<PipelineRun>().AsNoTracking().FirstOrDefaultAsync(r => r.Id == id, cancellation);
        if (row is null) return NotFound(id);
        var owner = await db.OwnerAsync(row, cancellation);
        return (await authorise.CheckAsync(actor, Permissions.PipelineRead, owner, cancellation)).Error is { } refused
            ? refused
            : row;
    }

    /// <summary>Newest first; of repositories that have the name at any provider, or of all.</summary>
    public Task<Result<Page<PipelineRun>>> ListAsync(
        string? repository, int offset, int limit, Actor actor, CancellationToken cancellation) =>
        ListAsync((db, runs) => repository is null ? runs : OfName(db, runs, repository), offset, limit, actor,
            cancellation);

    /// <summary>Newest first; of one repository.</summary>
    public Task<Result<Page<PipelineRun>>> OfRepositoryAsync(
        Guid repository, int offset, int limit, Actor actor, CancellationToken cancellation) =>
        ListAsync((_, runs) => runs.Where(r => r.RepositoryId == repository), offset, limit, actor, cancellation);

    private async Task<Result<Page<PipelineRun>>> ListAsync(
        Func<PortalDbContext, IQueryable<PipelineRun>, IQueryable<PipelineRun>> narrow, int offset, int limit,
        Actor actor, CancellationToken cancellation)
    {
        if (!(await authorise.VisibleAsync(actor, Permissions.PipelineRead, cancellation)).TryGet(
            out var visible, out var refused))
        {
            return refused;
        }
        await using var db = await database.CreateDbContextAsync(cancellation);
        var query = narrow(db, db.Set<PipelineRun>().AsNoTracking().Visible(db, visible));
        var total = await query.CountAsync(cancellation);
        return new Page<PipelineRun>(
            await query.OrderByDescending(r => r.CreatedAt).Skip(offset).Take(Math.Clamp(limit, 1, 500))
                .ToListAsync(cancellation), total);
    }

    /// <summary>One that had the name before and is gone is meant only where nobody has it now.</summary>
    private static IQueryable<PipelineRun> OfName(PortalDbContext db, IQueryable<PipelineRun> runs, string name)
    {
        var called = db.Set<RepositoryRow>().Where(k => k.Name == name);
        return runs.Where(r => called.Any(
            k => k.Id == r.RepositoryId
                && (k.GoneAt == null || !called.Any(other => other.Provider == k.Provider && other.GoneAt == null))));
    }

    public async Task<Result<IReadOnlyList<HostLogLine>>> LogAsync(
        string id, long after, int limit, Actor actor, CancellationToken cancellation)
    {
        if (!(await FindAsync(id, actor, cancellation)).TryGet(out var row, out var error)) return error;
        if (row.IsSample) return Result<IReadOnlyList<HostLogLine>>.Ok([]);
        if (providers.Find<IPipelineHost>(row.Provider) is not { } host)
        {
            return Error.NotFound(
                "provider-missing",
                $"Its provider '{row.Provider}' is not set up any more, so it cannot be asked. See Portal:Providers.");
        }
        return await ProviderQuery.AskAsync(
            host.Instance, ProviderQuery.Log, time,
            token => host.ReadLogAsync(id, after, Math.Clamp(limit, 1, 5_000), token), cancellation);
    }

    /// <summary>Whether the person may start and cancel runs of its repository.</summary>
    public async Task<bool> MayChangeAsync(PipelineRun run, Actor actor, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        return await authorise.MayAsync(actor, Permissions.PipelineChange, await db.OwnerAsync(run, cancellation),
            cancellation);
    }

    public async Task<Result<Done>> CancelAsync(string id, Actor actor, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        if (!(await ChangeableAsync(db, id, actor, cancellation)).TryGet(out var found, out var error)) return error;
        var (row, owner) = found;
        try
        {
            await providers.Get<IPipelineHost>(row.Provider).CancelAsync(id, cancellation);
        }
        catch (ProviderException e)
        {
            return e.Error;
        }
        await db.SaveAuditedAsync(
            time, CancellationToken.None, new AuditEntry(
                actor, "pipeline.cancelled", $"pipeline:{id}",
                $"Cancelled pipeline run {row.Number} of {row.Repository}", owner));
        return Done.Instance;
    }

    /// <summary>
    /// Runs it again on the same commit. Returns the id of the run that does so: its own, or a new one, as the host
    /// keeps it.
    /// </summary>
    public async Task<Result<string>> RerunAsync(string id, Actor actor, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        if (!(await ChangeableAsync(db, id, actor, cancellation)).TryGet(out var found, out var error)) return error;
        var (row, owner) = found;
        try
        {
            var run = await providers.Get<IPipelineHost>(row.Provider).RerunAsync(id, cancellation);
            await db.SaveAuditedAsync(
                time, CancellationToken.None, new AuditEntry(
                    actor, "pipeline.rerun", $"pipeline:{run.Id}",
                    $"Ran pipeline run {row.Number} of {row.Repository} again", owner));
            // The host tells of it too, but on its own way, which may take a while.
            await events.PipelineRunChangedAsync(row.Provider, run, CancellationToken.None);
            return run.Id;
        }
        catch (ProviderException e)
        {
            return e.Error;
        }
    }

    /// <summary>Starts a workflow by hand; returns the pipeline run's id.</summary>
    public async Task<Result<string>> TriggerAsync(
        string provider, RepositoryName repository, string workflow, string reference, Actor actor,
        CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var owner = await db.OwnerAsync(provider, repository.ToString(), cancellation);
        if ((await authorise.CheckAsync(actor, Permissions.PipelineChange, owner, cancellation)).Error is { } refused)
        {
            return refused;
        }
        try
        {
            var correlation = Guid.CreateVersion7().ToString("N");
            var run = await providers.Get<IPipelineHost>(provider).TriggerAsync(
                new TriggerPipeline(repository, workflow, reference, correlation), cancellation);
            await db.SaveAuditedAsync(
                time, CancellationToken.None, new AuditEntry(
                    actor, "pipeline.started", $"pipeline:{run.Id}", $"Started {workflow} of {repository}", owner));
            return run.Id;
        }
        catch (ProviderException e)
        {
            return e.Error;
        }
    }

    private async Task<Result<(PipelineRun Row, EntityRef? Owner)>> ChangeableAsync(
        PortalDbContext db, string id, Actor actor, CancellationToken cancellation)
    {
        var row = await db.Set<PipelineRun>().AsNoTracking().FirstOrDefaultAsync(r => r.Id == id, cancellation);
        if (row is null) return NotFound(id);
        var owner = await db.OwnerAsync(row, cancellation);
        var right = await authorise.CheckAsync(actor, Permissions.PipelineChange, owner, cancellation);
        if (right.Error is { } refused) return refused;
        return row.IsSample
            ? Error.Conflict(
                "sample-data", "It is part of the sample organisation and ran nowhere, so it cannot be changed.")
            : (row, owner);
    }

    private static Error NotFound(string id) =>
        Error.NotFound("pipeline-run-not-found", $"There is no pipeline run {id}.");
}
