using System.Text.Json.Nodes;
using Portal.Core.Schema;

namespace Portal.Core.GoldenPaths.Forms.Resolution;

/// <summary>A schema object at its place in a page.</summary>
/// <param name="Schema">The object as written.</param>
/// <param name="Pointer">Where it stands in the page's schema.</param>
/// <param name="Without">A property that this place does not bring: the one a dependency hangs on.</param>
/// <param name="IsAlternative">True inside an alternative that was chosen.</param>
internal sealed record SchemaSite(
    JsonObject Schema, string Pointer, string? Without = null, bool IsAlternative = false);

/// <summary>
/// The schema objects that hold for one value, conditionals decided. A later one overrides an earlier one.
/// </summary>
internal sealed class EffectiveSchema
{
    public List<SchemaSite> Sites { get; } = [];

    public List<FormChoice> Choices { get; } = [];

    public HashSet<string> Required { get; } = new(StringComparer.Ordinal);

    public JsonNode? this[string keyword] => Find(keyword, out var value) ? value : null;

    public bool Has(string keyword) => Find(keyword, out _);

    public bool Find(string keyword, out JsonNode? value)
    {
        for (var i = Sites.Count - 1; i >= 0; i--)
        {
            if (Sites[i].Schema.TryGetPropertyValue(keyword, out value)) return true;
        }

        value = null;
        return false;
    }

    /// <summary>
    /// Calls <paramref name="inside"/> for the schemas below this one, unless they are this one again: a schema that
    /// contains itself goes only as deep as there are values.
    /// </summary>
    /// <param name="open">The schemas on the way here.</param>
    /// <param name="hasValue">True when there is a value to go on with.</param>
    /// <param name="inside">The work.</param>
    public void Descend(HashSet<string> open, bool hasValue, Action inside)
    {
        var pointers = Sites.ConvertAll(site => site.Pointer);
        if (!hasValue && pointers.Exists(open.Contains)) return;

        var added = pointers.Where(open.Add).ToList();
        inside();
        open.ExceptWith(added);
    }

    public string? Text(string keyword) => JsonKinds.TextOrNull(this[keyword]);

    /// <summary>
    /// The title of the field itself; of a chosen alternative only where the field has none, for that one stands on the
    /// choice.
    /// </summary>
    public string? Title =>
        Sites.Where(site => !IsBranch(site)).Select(site => JsonKinds.TextOrNull(site.Schema["title"]))
            .LastOrDefault(text => text is not null) ?? Text("title");

    /// <summary>string, number, integer, boolean, array or object; inferred where the schema does not say.</summary>
    public string Type
    {
        get
        {
            var type = this["type"] is JsonArray several
                ? several.Select(JsonKinds.TextOrNull).FirstOrDefault(name => name is not null and not "null")
                : Text("type");
            return type ?? Inferred();
        }
    }

    /// <summary>The properties in the order they are met, each with every schema that describes it.</summary>
    public Dictionary<string, List<SchemaSite>> Properties()
    {
        var properties = new Dictionary<string, List<SchemaSite>>(StringComparer.Ordinal);
        foreach (var site in Sites)
        {
            foreach (var (name, schema) in site.Schema["properties"] as JsonObject ?? [])
            {
                if (name == site.Without) continue;

                var pointer = JsonPointer.Append(site.Pointer + "/properties", name);
                if (!properties.TryGetValue(name, out var sites)) properties.Add(name, sites = []);

                sites.Add(new SchemaSite(schema as JsonObject ?? [], pointer, IsAlternative: site.IsAlternative));
            }
        }

        return properties;
    }

    public List<SchemaSite> ItemsAt(int index)
    {
        var sites = new List<SchemaSite>();
        foreach (var site in Sites)
        {
            foreach (var keyword in (string[])["prefixItems", "items", "additionalItems"])
            {
                var found = site.Schema[keyword] switch
                {
                    JsonArray positions when index < positions.Count && positions[index] is JsonObject item
                        => new SchemaSite(item, JsonPointer.Append($"{site.Pointer}/{keyword}", index)),
                    JsonObject item when keyword != "additionalItems"
                        || site.Schema["items"] is JsonArray => new SchemaSite(item, $"{site.Pointer}/{keyword}"),
                    _ => null,
                };
                if (found is not null)
                {
                    sites.Add(found);
                    break;
                }
            }
        }

        return sites;
    }

    private string Inferred()
    {
        if (Has("properties") || Has("additionalProperties")) return "object";

        if (Has("items") || Has("prefixItems")) return "array";

        var sample =
            Find("const", out var only) ? only : (this["enum"] as JsonArray)?.FirstOrDefault() ?? this["default"];
        return JsonKinds.Of(sample) switch
        {
            JsonKind.Boolean => "boolean",
            JsonKind.Number => "number",
            JsonKind.Array => "array",
            JsonKind.Object => "object",
            _ => "string",
        };
    }

    private static bool IsBranch(SchemaSite site) =>
        site.IsAlternative && site.Pointer.Split('/') is [.., "oneOf" or "anyOf", _];
}
