using Microsoft.EntityFrameworkCore;
using Portal.Core.Catalog;
using Portal.Core.Data;
using Portal.Core.Delivery;
using Portal.Core.Entities;
using Portal.Core.Environments.Usage;

namespace Portal.Core.Environments.Sample;

/// <summary>
/// Repositories, pipeline runs, environments and metered hours of the last weeks, all made up. Their provider is one
/// that is never set up, so no sweep asks for them and nothing can be done to them. The audit trail gets nothing of
/// it: what stands there has happened.
/// </summary>
public sealed class SampleHistory(TimeProvider time) : ISampleHistory
{
    public async Task AddAsync(
        PortalDbContext db, IReadOnlyList<CatalogEntity> services, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var known = services.Where(s => s.Owner is not null)
            .Join(SampleService.All, s => s.Name, k => k.Name, (s, k) => (Service: s, Known: k))
            .Select(s => (s.Service, s.Known, Repository: RepositoryOf(s.Service, now))).ToList();
        // The rest refers to them by a key that only the database knows of.
        db.AddRange(known.Select(k => k.Repository));
        await db.SaveChangesAsync(cancellation);
        foreach (var (service, life, repository) in known)
        {
            (service.RepositoryId, service.Provider, service.Repository) =
                (repository.Id, repository.Provider, repository.Name);
            var written = new SampleWriter(service, life, repository, now);
            db.AddRange(written.Pipelines);
            db.AddRange(written.Environments);
            db.AddRange(written.Deployments);
            db.AddRange(written.Hours);
        }
    }

    private static RepositoryRow RepositoryOf(CatalogEntity service, DateTimeOffset now)
    {
        var repository = new RepositoryRow
        {
            Provider = SampleOrganisation.Provider, Name = $"example/{service.Name}", FirstSeenAt = now,
        };
        repository.See(new RepositoryFacts("main", null, service.Owner, null), now);
        return repository;
    }

    public async Task RemoveAsync(PortalDbContext db, CancellationToken cancellation)
    {
        var environments = db.Set<PortalEnvironment>().Where(e => e.Provider == SampleOrganisation.Provider);
        var ids = environments.Select(e => e.Id);
        await db.Set<UsageInterval>().Where(u => ids.Contains(u.EnvironmentId)).ExecuteDeleteAsync(cancellation);
        await db.Set<Deployment>().Where(d => ids.Contains(d.EnvironmentId)).ExecuteDeleteAsync(cancellation);
        await environments.ExecuteDeleteAsync(cancellation);
        await db.Set<PipelineRun>().Where(r => r.Provider == SampleOrganisation.Provider)
            .ExecuteDeleteAsync(cancellation);
        await db.Set<RepositoryRow>().Where(r => r.Provider == SampleOrganisation.Provider)
            .ExecuteDeleteAsync(cancellation);
    }
}
