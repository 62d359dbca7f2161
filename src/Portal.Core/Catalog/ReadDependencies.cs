using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Shared;

namespace Portal.Core.Catalog;

/// <param name="Level">
/// 0 is the entity in the middle; 1, 2 … is what it needs, and what that needs; -1, -2 … is what needs it.
/// </param>
public sealed record DependencyNode(EntityRef Entity, string Title, int Level);

/// <param name="From">Key of what needs the other: its level is the lower one.</param>
public sealed record DependencyEdge(string From, string To);

/// <param name="IsWhole">False: a level has more than are listed.</param>
public sealed record Dependencies(
    IReadOnlyList<DependencyNode> Nodes, IReadOnlyList<DependencyEdge> Edges, bool IsWhole);

/// <summary>
/// What an entity needs and what needs it, two steps to each side: by APIs, resources and components.
/// </summary>
public sealed class ReadDependencies(IDbContextFactory<PortalDbContext> database, Authorise authorise)
{
    public const int MostOfALevel = 10;
    private const int Steps = 2;

    private static readonly string[] Needs = [Relations.DependsOn, Relations.ConsumesApi, Relations.ApiProvidedBy];
    private static readonly string[] NeededBy = [.. Needs.Select(Relations.Counterpart)];

    /// <summary>Around an entity that the person may see; what they may not see is left out.</summary>
    public async Task<Dependencies> AroundAsync(CatalogEntity entity, Actor actor, CancellationToken cancellation)
    {
        var allowed = await authorise.VisibleAsync(actor, Permissions.CatalogRead, cancellation);
        var middle = new DependencyNode(entity.Ref, entity.Title ?? entity.Name, 0);
        if (!allowed.TryGet(out var visible, out _)) return new Dependencies([middle], [], true);
        await using var db = await database.CreateDbContextAsync(cancellation);
        var around = new Surroundings(db, visible, middle);
        await around.GoAsync(Needs, 1, cancellation);
        await around.GoAsync(NeededBy, -1, cancellation);
        return new Dependencies([.. around.Nodes.Values], [.. around.Edges], around.IsWhole);
    }

    private sealed class Surroundings(PortalDbContext db, VisibleOwners visible, DependencyNode middle)
    {
        public Dictionary<string, DependencyNode> Nodes { get; } = new(StringComparer.Ordinal)
        {
            [middle.Entity.Key] = middle,
        };

        public HashSet<DependencyEdge> Edges { get; } = [];
        public bool IsWhole { get; private set; } = true;

        public async Task GoAsync(string[] types, int direction, CancellationToken cancellation)
        {
            List<string> outermost = [middle.Entity.Key];
            for (var step = 1; step <= Steps && outermost.Count > 0; step++)
            {
                outermost = await StepAsync(outermost, types, step * direction, cancellation);
            }
        }

        /// <summary>Returns the keys of what is new.</summary>
        private async Task<List<string>> StepAsync(
            List<string> from, string[] types, int level, CancellationToken cancellation)
        {
            var found = await db.Set<CatalogRelation>().AsNoTracking()
                .Where(r => from.Contains(r.Source) && types.Contains(r.Type))
                .Join(db.Set<CatalogEntity>().Visible(visible), r => r.Target, e => e.Key, (r, e) => new
                {
                    r.Source, e.Key, e.Kind, e.Namespace, e.Name, e.Title,
                })
                .OrderBy(r => r.Key).ThenBy(r => r.Source).Take(MostOfALevel * MostOfALevel + 1)
                .ToListAsync(cancellation);
            IsWhole &= found.Count <= MostOfALevel * MostOfALevel;
            var added = new List<string>();
            foreach (var it in found)
            {
                if (!Nodes.TryGetValue(it.Key, out var node))
                {
                    if (added.Count == MostOfALevel)
                    {
                        IsWhole = false;
                        continue;
                    }
                    var entity = new EntityRef(it.Kind, it.Namespace, it.Name);
                    node = new DependencyNode(entity, it.Title ?? it.Name, level);
                    Nodes.Add(it.Key, node);
                    added.Add(it.Key);
                }
                if (node.Level == level) Join(it.Source, it.Key, level);
            }
            return added;
        }

        private void Join(string source, string target, int level) =>
            Edges.Add(level > 0 ? new DependencyEdge(source, target) : new DependencyEdge(target, source));
    }
}
