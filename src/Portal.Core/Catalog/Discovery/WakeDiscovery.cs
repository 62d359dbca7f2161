using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Quartz;

namespace Portal.Core.Catalog.Discovery;

/// <summary>Has descriptors read soon: all of them, or those of one repository.</summary>
public sealed class WakeDiscovery(ISchedulerFactory schedulers, Authorise authorise)
{
    /// <summary>Has every source looked through, for a person who does not want to wait for the next time.</summary>
    public async Task<Result<Done>> AskAsync(Actor actor, CancellationToken cancellation)
    {
        if ((await authorise.CheckAsync(actor, Permissions.TemplateRun, null, cancellation)).Error is { } refused)
        {
            return refused;
        }
        await schedulers.WakeAsync(DiscoverJob.Key, cancellation);
        return Done.Instance;
    }

    internal Task WakeAsync(string instance, RepositoryName repository, CancellationToken cancellation) =>
        schedulers.WakeAsync(ReadRepositoryJob.Key, cancellation, $"{instance}/{repository}");

    /// <summary>Whether a push may have changed what the catalog has of the repository.</summary>
    internal static async Task<bool> ConcernsAsync(
        PortalDbContext db, Guid repository, RepositoryPush push, CancellationToken cancellation)
    {
        if (push.After is null) return false;
        var found = await db.Set<FoundRepository>().AsNoTracking()
            .SingleOrDefaultAsync(r => r.RepositoryId == repository, cancellation);
        if (found is not null && found.DefaultBranch != push.Branch) return false;
        if (found?.DescriptorPath is not { } path || push.Paths is not { } paths || paths.Contains(path)) return true;
        var files = db.Set<DescriptorFile>()
            .Where(f => db.Set<CatalogEntity>().Any(e => e.FileId == f.Id && e.RepositoryId == repository));
        var includes = await files.Where(f => f.Includes == null || f.Includes.Count > 0).Select(f => f.Includes)
            .ToListAsync(cancellation);
        // One that was stored before its includes were looked up has them from the next time on that it is read.
        if (includes.Contains(null)) return true;
        return includes.SelectMany(i => i!)
            .Any(include => DescriptorPlaces.Beside(path, include) is { } file && paths.Contains(file));
    }
}
