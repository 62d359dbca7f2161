using Portal.Web.Controls;

namespace Portal.Web.GoldenPaths.Gallery;

/// <summary>
/// What the address of the gallery asks for. Values within one facet are alternatives; facets narrow each other.
/// </summary>
internal sealed record GalleryFilter(
    string? Search, IReadOnlyList<string> Types, IReadOnlyList<string> Tags, IReadOnlyList<string> Owners)
{
    public bool IsEmpty => string.IsNullOrWhiteSpace(Search) && Types.Count + Tags.Count + Owners.Count == 0;

    public IReadOnlyList<TemplateCard> Apply(IEnumerable<TemplateCard> all)
    {
        var found = all.Where(c => Has(Types, c.Manifest?.Type) && HasAny(Tags, c) && Has(Owners, c.OwnerName))
            .Select(c => (Card: c, Score: Score(c))).Where(c => c.Score > 0);
        return [.. (string.IsNullOrWhiteSpace(Search) ? found : found.OrderByDescending(c => c.Score)).OrderBy(
            c => c.Card.Rank).Select(c => c.Card)];
    }

    public IReadOnlyList<FacetValue> TypeFacet(IEnumerable<TemplateCard> all) =>
        Count((this with { Types = [] }).Apply(all).Select(c => c.Manifest?.Type));

    public IReadOnlyList<FacetValue> TagFacet(IEnumerable<TemplateCard> all) =>
        Count((this with { Tags = [] }).Apply(all).SelectMany(c => c.Manifest?.Tags ?? []));

    public IReadOnlyList<FacetValue> OwnerFacet(IEnumerable<TemplateCard> all) =>
        Count((this with { Owners = [] }).Apply(all).Select(c => c.OwnerName));

    private int Score(TemplateCard card) => string.IsNullOrWhiteSpace(Search)
        ? 1
        : FuzzyMatch.Score(
            Search, card.Entry.Title,
            [card.Entry.Ref.Name, card.Manifest?.Description ?? "", card.Language ?? "", .. card.Manifest?.Tags ?? []]);

    private static bool Has(IReadOnlyList<string> wanted, string? value) =>
        wanted.Count == 0 || value is not null && wanted.Contains(value, StringComparer.OrdinalIgnoreCase);

    private static bool HasAny(IReadOnlyList<string> wanted, TemplateCard card) =>
        wanted.Count == 0 || card.Manifest?.Tags.Any(t => Has(wanted, t)) == true;

    private static List<FacetValue> Count(IEnumerable<string?> values) =>
        [.. values.OfType<string>().GroupBy(v => v, StringComparer.OrdinalIgnoreCase)
            .OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.OrdinalIgnoreCase)
            .Select(g => new FacetValue(g.Key, g.Key, g.Count()))];
}
