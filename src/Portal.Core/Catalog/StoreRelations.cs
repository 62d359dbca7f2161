using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Entities;

namespace Portal.Core.Catalog;

/// <summary>Both directions of each relation are stored, so that it is found from either end by one look-up.</summary>
internal sealed class StoreRelations(PortalDbContext db)
{
    public async Task ExecuteAsync(IReadOnlyList<Descriptor> descriptors, CancellationToken cancellation)
    {
        if (descriptors.Count == 0) return;
        var sources = descriptors.Select(d => d.Ref.Key).ToList();
        var stated = descriptors.SelectMany(d => d.Relations().Select(r => new Edge(d.Ref.Key, r.Type, r.Target.Key)))
            .ToHashSet();
        var before = (await db.Set<CatalogRelation>().AsNoTracking().Where(r => sources.Contains(r.Source) && r.Stated)
            .ToListAsync(cancellation))
            .Select(r => new Edge(r.Source, r.Type, r.Target)).ToHashSet();
        await RemoveAsync([.. before.Where(e => !stated.Contains(e))], cancellation);
        await AddAsync([.. stated.Where(e => !before.Contains(e))], cancellation);
    }

    private async Task RemoveAsync(List<Edge> gone, CancellationToken cancellation)
    {
        if (gone.Count == 0) return;
        var (sources, types, targets, backs) = Columns(gone);
        await db.Database.ExecuteSqlAsync($"""
            delete from catalog_relations r using (
              select source, type, target, true as stated from unnest({sources}, {types}, {targets}) as own (source, type, target)
              union all select target, back, source, false from unnest({sources}, {targets}, {backs}) as other (source, target, back)) as gone
            where (r.source, r.type, r.target, r.stated) = (gone.source, gone.type, gone.target, gone.stated)
            """, cancellation);
    }

    private async Task AddAsync(List<Edge> added, CancellationToken cancellation)
    {
        if (added.Count == 0) return;
        var (sources, types, targets, backs) = Columns(added);
        await db.Database.ExecuteSqlAsync($"""
            insert into catalog_relations (source, type, target, stated)
            select source, type, target, bool_or(stated) from (
              select source, type, target, true as stated from unnest({sources}, {types}, {targets}) as own (source, type, target)
              union all select target, back, source, false from unnest({sources}, {targets}, {backs}) as other (source, target, back)) as ends
            group by source, type, target order by source, type, target
            on conflict (source, type, target) do update set stated = catalog_relations.stated or excluded.stated
            """, cancellation);
    }

    private static (string[] Sources, string[] Types, string[] Targets, string[] Backs) Columns(List<Edge> edges) =>
        ([.. edges.Select(e => e.Source)], [.. edges.Select(
            e => e.Type)], [.. edges.Select(e => e.Target)], [.. edges.Select(e => Relations.Counterpart(e.Type))]);

    private readonly record struct Edge(string Source, string Type, string Target);
}
