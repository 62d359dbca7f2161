using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Shared;

namespace Portal.Core.Access;

/// <summary>Whose things a person may see, or may do something with.</summary>
/// <param name="Keys">Of the owners; null = everybody's, and what has no owner.</param>
public sealed record VisibleOwners(IReadOnlyList<string>? Keys)
{
    public static readonly VisibleOwners Everybody = new((IReadOnlyList<string>?)null);

    /// <summary>Whether what the owner has is visible; null: it has none.</summary>
    public bool Has(EntityRef? owner) =>
        Keys is not { } keys || (owner is { } who && keys.Contains(who.Key, StringComparer.Ordinal));

    /// <summary>Those of the given owners that are visible.</summary>
    /// <param name="asked">Keys; empty = whoever is visible.</param>
    /// <returns>Null: no owner is left out.</returns>
    public IReadOnlyList<string>? Among(IReadOnlyList<string> asked) => (Keys, asked.Count) switch
    {
        (var keys, 0) => keys,
        (null, _) => asked,
        (var keys, _) => [.. asked.Intersect(keys, StringComparer.Ordinal)],
    };
}

public static class Visibility
{
    /// <summary>Leaves what the person may see; the database leaves out the rest: totals and pages are right.</summary>
    public static IQueryable<T> Visible<T>(this IQueryable<T> query, VisibleOwners to)
        where T : class, IOwned =>
        to.Keys is { } keys ? query.Where(e => keys.Contains(e.Owner!)) : query;

    /// <summary>Of what belongs to whom its repository belongs to.</summary>
    public static IQueryable<T> Visible<T>(this IQueryable<T> query, PortalDbContext db, VisibleOwners to)
        where T : class, IOfRepository =>
        to.Keys is { } keys ? query.OfOwners(db, keys) : query;
}
