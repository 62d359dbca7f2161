using Microsoft.EntityFrameworkCore;
using Portal.Core.Catalog.Repositories;
using Portal.Core.Data;
using Portal.Core.Inbound;
using Portal.Core.Providers;

namespace Portal.Core.Delivery;

/// <summary>The row of a pipeline run follows its host.</summary>
internal sealed class PipelineEvents(
    IDbContextFactory<PortalDbContext> database, SeenRepositories repositories,
    IEnumerable<IPassedRunHandler> handlers) : ProviderEventHandler
{
    public override async Task PipelineRunChangedAsync(
        string instance, PipelineRunInfo run, CancellationToken cancellation)
    {
        var repository = await repositories.IdentifyAsync(instance, run.Repository, run.RepositoryHostId, cancellation);
        await using var db = await database.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        // News of one run may arrive together: the first to come makes the row, the others wait for it.
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtext({instance + run.Id}))", cancellation);
        var row = await FindAsync(db, instance, repository, run, cancellation);
        if (row is null)
        {
            row = new PipelineRun
            {
                Provider = instance, Id = run.Id, RepositoryId = repository, Repository = run.Repository.ToString(),
                Number = run.Number,
                Branch = run.Branch, Commit = run.Commit, CreatedAt = run.CreatedAt,
            };
            db.Add(row);
        }
        var finished = run.IsFinished && row.FinishedAt is null;
        if (!row.Follow(run)) return;
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        if (!finished || run.Status != PipelineStatus.Passed) return;
        foreach (var handler in handlers) await handler.PassedAsync(instance, run with { Id = row.Id }, cancellation);
    }

    /// <summary>
    /// Hosts make a run's id of its repository's name, among others: under the name that it has now they tell of runs
    /// that are known by another id. That one stays, for environments and journals name it.
    /// </summary>
    private static async Task<PipelineRun?> FindAsync(
        PortalDbContext db, string instance, Guid repository, PipelineRunInfo run, CancellationToken cancellation)
    {
        if (await db.Set<PipelineRun>().FindAsync([instance, run.Id], cancellation) is { } row) return row;
        var alike = await db.Set<PipelineRun>()
            .Where(r => r.RepositoryId == repository && r.Number == run.Number && r.Commit == run.Commit)
            .ToListAsync(cancellation);
        return alike.Find(r => r.IsThat(run));
    }
}
