using System.Collections.Concurrent;

namespace Portal.Web.Layout;

/// <summary>
/// What each person went to by the search lately, for as long as the portal runs: nothing of it is left in a browser
/// that another uses next.
/// </summary>
internal sealed class RecentHits
{
    private const int PerPerson = 6, MostPersons = 10_000;

    private readonly ConcurrentDictionary<string, IReadOnlyList<SearchHit>> hits = new(StringComparer.Ordinal);

    /// <summary>The newest first.</summary>
    public IReadOnlyList<SearchHit> Of(string person) => hits.GetValueOrDefault(person) ?? [];

    public void Add(string person, SearchHit hit)
    {
        if (hits.Count >= MostPersons && !hits.ContainsKey(person)) hits.Clear();
        hits.AddOrUpdate(person, [hit], (_, before) =>
            [hit, .. before.Where(h => (h.Url, h.Command) != (hit.Url, hit.Command)).Take(PerPerson - 1)]);
    }
}
