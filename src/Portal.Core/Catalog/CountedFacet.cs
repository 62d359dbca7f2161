using Microsoft.EntityFrameworkCore;

namespace Portal.Core.Catalog;

/// <summary>
/// The values of one facet, the most frequent first, and how many there are altogether. What is chosen is among them,
/// to be seen and to be given up, whatever its count.
/// </summary>
internal sealed record CountedFacet(IReadOnlyList<FacetValue> Values, int Total)
{
    /// <summary>More than that nobody looks through.</summary>
    public const int Most = 100;

    public static async Task<CountedFacet> OfAsync(
        IQueryable<string> values, IReadOnlyList<string> chosen, CancellationToken cancellation)
    {
        var groups = values.GroupBy(v => v).Select(g => new { g.Key, Count = g.Count() });
        var shown = await groups.OrderByDescending(g => g.Count).ThenBy(g => g.Key).Take(Most)
            .ToListAsync(cancellation);
        var total = shown.Count < Most ? shown.Count : await groups.CountAsync(cancellation);
        var missing = chosen.Except(shown.Select(s => s.Key), StringComparer.Ordinal).Take(Most).ToList();
        if (missing.Count == 0) return new CountedFacet([.. shown.Select(c => new FacetValue(c.Key, c.Count))], total);
        var counts = await groups.Where(g => missing.Contains(g.Key))
            .ToDictionaryAsync(g => g.Key, g => g.Count, cancellation);
        return new CountedFacet(
            [
                .. shown.Select(c => new FacetValue(c.Key, c.Count)),
                .. missing.Select(m => new FacetValue(m, counts.GetValueOrDefault(m))),
            ], Math.Max(total, shown.Count + missing.Count));
    }
}
