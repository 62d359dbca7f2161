using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Entities;

namespace Portal.Core.Catalog;

/// <summary>Keeps the text of a location once: what an earlier text of it described and this one does not loses its text, and that goes.</summary>
internal sealed class StoreDescriptorFile(PortalDbContext db)
{
    /// <summary>
    /// Two that register one location come one after the other: each would make what the other makes, and leave the
    /// other's text behind. Before anything is read of it.
    /// </summary>
    public Task TakeTurnAsync(RegisterDescriptor request, CancellationToken cancellation) => db.Database.ExecuteSqlAsync(
        $"select pg_advisory_xact_lock(hashtextextended({"descriptors " + request.Location}, 0))", cancellation);

    public async Task<Prepared> PrepareAsync(RegisterDescriptor request, IReadOnlyList<Descriptor> descriptors, CancellationToken cancellation)
    {
        var hash = DescriptorFile.HashOf(request.Text);
        var before = await (
            from entity in db.Set<CatalogEntity>()
            where entity.Location == request.Location && entity.RepositoryId == request.RepositoryId
            join file in db.Set<DescriptorFile>() on entity.FileId equals file.Id
            select new { file.Id, file.Hash }).Distinct().ToListAsync(cancellation);
        var includes = DescriptorIncludes.PathsIn(descriptors.Select(d => d.Json)).ToList();
        var id = before.Find(f => f.Hash == hash)?.Id;
        if (id is null)
        {
            var file = new DescriptorFile { Text = request.Text, Hash = hash, Includes = includes };
            db.Add(file);
            id = file.Id;
        }
        else await db.Set<DescriptorFile>().Where(f => f.Id == id && f.Includes == null).ExecuteUpdateAsync(s => s.SetProperty(f => f.Includes, includes), cancellation);
        return new Prepared(db, id.Value, request, before.Where(f => f.Id != id).Select(f => f.Id).ToList());
    }

    public sealed class Prepared(PortalDbContext db, Guid id, RegisterDescriptor request, List<Guid> before)
    {
        public Guid Id => id;

        /// <param name="described">Keys of what the text describes.</param>
        public async Task CleanAsync(List<string> described, CancellationToken cancellation)
        {
            if (before.Count == 0) return;
            var left = db.Set<CatalogEntity>()
                .Where(e => e.Location == request.Location && e.RepositoryId == request.RepositoryId);
            await left.Where(e => before.Contains(e.FileId!.Value) && !described.Contains(e.Key)).ExecuteUpdateAsync(
                s => s.SetProperty(e => e.FileId, (Guid?)null).SetProperty(e => e.FileStart, (int?)null).SetProperty(e => e.FileLength, (int?)null), cancellation);
            await RemoveUnusedAsync(db, before, cancellation);
        }
    }

    /// <summary>Texts that moved from an older portal may serve several locations.</summary>
    public static Task RemoveUnusedAsync(PortalDbContext db, List<Guid> files, CancellationToken cancellation) =>
        db.Set<DescriptorFile>().Where(f => files.Contains(f.Id) && !db.Set<CatalogEntity>().Any(e => e.FileId == f.Id)).ExecuteDeleteAsync(cancellation);
}
