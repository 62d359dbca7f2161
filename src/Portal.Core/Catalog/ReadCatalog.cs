using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Catalog.Discovery;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Shared;

namespace Portal.Core.Catalog;

/// <summary>
/// What a list of entities is asked for. Values within one facet are alternatives; facets narrow each other.
/// </summary>
public sealed record CatalogFilter
{
    /// <summary>Free text over name, title, description and tags.</summary>
    public string? Search { get; init; }
    public IReadOnlyList<string> Kinds { get; init; } = [];
    public IReadOnlyList<string> Types { get; init; } = [];
    public IReadOnlyList<string> Lifecycles { get; init; } = [];
    public IReadOnlyList<string> Owners { get; init; } = [];
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Keys of a person and of their groups: these entities, and those that they own; empty = all.</summary>
    public IReadOnlyList<string> Mine { get; init; } = [];

    /// <summary>Those alone that were read from a repository; not the sample's, which are made up.</summary>
    public bool HasRepository { get; init; }
    public CatalogSort Sort { get; init; } = CatalogSort.Name;
    public bool Descending { get; init; }
    public int Offset { get; init; }

    /// <summary>1 to 500.</summary>
    public int Limit { get; init; } = 50;
}

public enum CatalogSort { Name, Kind, Owner, Updated }

/// <param name="Count">Entities that match everything else that is asked for.</param>
public sealed record FacetValue(string Value, int Count);

/// <param name="Totals">How many values there are; the lists hold the most frequent and those that are chosen.</param>
public sealed record CatalogFacets(
    IReadOnlyList<FacetValue> Kinds, IReadOnlyList<FacetValue> Types, IReadOnlyList<FacetValue> Lifecycles,
    IReadOnlyList<FacetValue> Owners, IReadOnlyList<FacetValue> Tags, FacetTotals Totals);

public sealed record FacetTotals(int Kinds, int Types, int Lifecycles, int Owners, int Tags);

public sealed record EntityView(CatalogEntity Entity, IReadOnlyList<CatalogRelation> Relations, bool MayChange)
{
    /// <summary>
    /// Why what its repository says now was not taken over, so that the entry is what was read before; null when it
    /// was.
    /// </summary>
    public string? Rejected { get; init; }
}

public sealed class ReadCatalog(IDbContextFactory<PortalDbContext> database, Authorise authorise)
{
    public async Task<Result<EntityView>> FindAsync(EntityRef entity, Actor actor, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var row =
            await db.Set<CatalogEntity>().AsNoTracking().SingleOrDefaultAsync(e => e.Key == entity.Key, cancellation);
        if (row is null) return Error.NotFound("entity-not-found", $"There is no {entity} in the catalog.");
        var owner = EntityRef.Owner(row.Owner);
        if ((await authorise.CheckAsync(actor, Permissions.CatalogRead, owner, cancellation)).Error is { } refused)
        {
            return refused;
        }
        var relations = await db.Set<CatalogRelation>().AsNoTracking().Where(r => r.Source == row.Key)
            .OrderBy(r => r.Type).ThenBy(r => r.Target).ToListAsync(cancellation);
        return new EntityView(
            row, relations, await authorise.MayAsync(actor, Permissions.CatalogChange, owner, cancellation))
        {
            Rejected = row.RepositoryId is not { } repository ? null : await db.Set<FoundRepository>()
                .Where(r => r.RepositoryId == repository).Select(r => r.Problem).FirstOrDefaultAsync(cancellation),
        };
    }

    /// <summary>
    /// The entity's document as its author wrote it; made from what the catalog has of it where no file describes it
    /// (any more).
    /// </summary>
    /// <param name="found">Of <see cref="FindAsync"/>: whoever has it may read it.</param>
    public async Task<string> TextAsync(CatalogEntity found, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var text = await db.Set<DescriptorFile>().Where(f => f.Id == found.FileId).Select(f => f.Text)
            .SingleOrDefaultAsync(cancellation);
        if (text is null) return Yaml.Write(InOrder(JsonNode.Parse(found.Descriptor)!.AsObject()));
        text = text.TrimStart('\uFEFF');
        return found is { FileStart: { } start, FileLength: { } length }
            && start + length <= text.Length ? text.Substring(start, length) : text;
    }

    /// <summary>The database keeps members in an order of its own.</summary>
    private static JsonObject InOrder(JsonObject descriptor) =>
        new(descriptor.OrderBy(m => m.Key switch { "apiVersion" => 0, "kind" => 1, "metadata" => 2, _ => 3 })
            .Select(m => KeyValuePair.Create(m.Key, m.Value?.DeepClone())));

    /// <summary>
    /// The entity that was read from a repository, a component first; null when there is none, or the person may not
    /// see it.
    /// </summary>
    public async Task<CatalogEntity?> FindByRepositoryAsync(
        Guid? repository, Actor actor, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var row = await db.FromRepository(repository).FirstOrDefaultAsync(cancellation);
        var owner = EntityRef.Owner(row?.Owner);
        return await authorise.MayAsync(actor, Permissions.CatalogRead, owner, cancellation) ? row : null;
    }

    /// <summary>The same for the repository that has a name now.</summary>
    public async Task<CatalogEntity?> FindByNameAsync(
        string provider, RepositoryName name, Actor actor, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var row = await db.RepositoryAsync(provider, name.ToString(), cancellation);
        return row is null ? null : await FindByRepositoryAsync(row, actor, cancellation);
    }

    public async Task<Result<Page<CatalogEntity>>> ListAsync(
        CatalogFilter filter, Actor actor, CancellationToken cancellation)
    {
        if (!(await authorise.VisibleAsync(actor, Permissions.CatalogRead, cancellation)).TryGet(
            out var visible, out var refused))
        {
            return refused;
        }
        await using var db = await database.CreateDbContextAsync(cancellation);
        var query = Matching(db, visible, filter);
        var total = await query.CountAsync(cancellation);
        var items = await Sorted(query, filter).Skip(filter.Offset).Take(Math.Clamp(filter.Limit, 1, 500))
            .ToListAsync(cancellation);
        return new Page<CatalogEntity>(items, total);
    }

    /// <summary>
    /// Each facet counted with the other facets applied, but not itself, so that one sees what another choice would
    /// give.
    /// </summary>
    public async Task<Result<CatalogFacets>> FacetsAsync(
        CatalogFilter filter, Actor actor, CancellationToken cancellation)
    {
        if (!(await authorise.VisibleAsync(actor, Permissions.CatalogRead, cancellation)).TryGet(
            out var visible, out var refused))
        {
            return refused;
        }
        await using var db = await database.CreateDbContextAsync(cancellation);
        var kinds = await CountedFacet.OfAsync(
            Matching(db, visible, filter with { Kinds = [] }).Select(e => e.Kind), filter.Kinds, cancellation);
        var types = await CountedFacet.OfAsync(
            Matching(db, visible, filter with { Types = [] }).Where(e => e.Type != null).Select(e => e.Type!),
            filter.Types, cancellation);
        var lifecycles = await CountedFacet.OfAsync(
            Matching(db, visible, filter with { Lifecycles = [] }).Where(e => e.Lifecycle != null)
                .Select(e => e.Lifecycle!), filter.Lifecycles, cancellation);
        var owners = await CountedFacet.OfAsync(
            Matching(db, visible, filter with { Owners = [] }).Where(e => e.Owner != null).Select(e => e.Owner!),
            filter.Owners, cancellation);
        var tags = await CountedFacet.OfAsync(
            Matching(db, visible, filter with { Tags = [] }).SelectMany(e => e.Tags), filter.Tags, cancellation);
        return new CatalogFacets(
            kinds.Values, types.Values, lifecycles.Values, owners.Values, tags.Values,
            new FacetTotals(kinds.Total, types.Total, lifecycles.Total, owners.Total, tags.Total));
    }

    private static IQueryable<CatalogEntity> Matching(PortalDbContext db, VisibleOwners visible, CatalogFilter filter)
    {
        var query = db.Set<CatalogEntity>().AsNoTracking().Visible(visible);
        if (filter.Kinds.Count > 0) query = query.Where(e => filter.Kinds.Contains(e.Kind));
        if (filter.Types.Count > 0) query = query.Where(e => filter.Types.Contains(e.Type!));
        if (filter.Lifecycles.Count > 0) query = query.Where(e => filter.Lifecycles.Contains(e.Lifecycle!));
        if (filter.Owners.Count > 0) query = query.Where(e => filter.Owners.Contains(e.Owner!));
        if (filter.Tags.Count > 0) query = query.Where(e => e.Tags.Any(t => filter.Tags.Contains(t)));
        if (filter.Mine.Count > 0)
        {
            query = query.Where(e => filter.Mine.Contains(e.Key) || filter.Mine.Contains(e.Owner!));
        }
        if (filter.HasRepository) query = query.Where(e => e.Repository != null && !e.IsSample);
        return query.WithWords(filter.Search);
    }

    private static IQueryable<CatalogEntity> Sorted(
        IQueryable<CatalogEntity> query, CatalogFilter filter) => (filter.Sort, filter.Descending) switch
    {
        (CatalogSort.Kind, false) => query.OrderBy(e => e.Kind).ThenBy(e => e.Name).ThenBy(e => e.Id),
        (CatalogSort.Kind, true) => query.OrderByDescending(e => e.Kind).ThenBy(e => e.Name).ThenBy(e => e.Id),
        (CatalogSort.Owner, false) => query.OrderBy(e => e.Owner).ThenBy(e => e.Name).ThenBy(e => e.Id),
        (CatalogSort.Owner, true) => query.OrderByDescending(e => e.Owner).ThenBy(e => e.Name).ThenBy(e => e.Id),
        (CatalogSort.Updated, false) => query.OrderBy(e => e.UpdatedAt).ThenBy(e => e.Id),
        (CatalogSort.Updated, true) => query.OrderByDescending(e => e.UpdatedAt).ThenBy(e => e.Id),
        (_, true) => query.OrderByDescending(e => e.Name).ThenBy(e => e.Id),
        _ => query.OrderBy(e => e.Name).ThenBy(e => e.Id),
    };
}
