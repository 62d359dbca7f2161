using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Inbound;
using Portal.Core.Providers;

namespace Portal.Core.Delivery;

/// <summary>The row of a pipeline run follows its host.</summary>
internal sealed class PipelineEvents(IDbContextFactory<PortalDbContext> database, IEnumerable<IPassedRunHandler> handlers) : ProviderEventHandler
{
    public override async Task PipelineRunChangedAsync(string instance, PipelineRunInfo run, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        // News of one run may arrive together: the first to come makes the row, the others wait for it.
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtext({instance + run.Id}))", cancellation);
        var row = await db.Set<PipelineRun>().FindAsync([instance, run.Id], cancellation);
        if (row is null)
        {
            row = new PipelineRun
            {
                Provider = instance, Id = run.Id, Repository = run.Repository.ToString(), Number = run.Number, Branch = run.Branch, Commit = run.Commit,
                CreatedAt = run.CreatedAt,
            };
            db.Add(row);
        }
        var finished = run.IsFinished && row.FinishedAt is null;
        if (!row.Follow(run)) return;
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        if (!finished || run.Status != PipelineStatus.Passed) return;
        foreach (var handler in handlers) await handler.PassedAsync(instance, run, cancellation);
    }

    public override async Task RepositoryChangedAsync(string instance, RepositoryChange change, CancellationToken cancellation)
    {
        if (change.Before is not { } before) return;
        var (from, to) = (before.ToString(), change.Repository.ToString());
        await using var db = await database.CreateDbContextAsync(cancellation);
        // Their ids stay, whatever they are made of: environments and journals name them.
        var (said, says) = ($"\"repository\":\"{from}\"", $"\"repository\":\"{to}\"");
        await db.Set<PipelineRun>().Where(r => r.Provider == instance && r.Repository == from)
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.Repository, to).SetProperty(r => r.Data, r => r.Data.Replace(said, says)), cancellation);
    }
}
