using System.Text.Json.Nodes;
using Portal.Core.Entities;
using Portal.Core.GoldenPaths.Forms;

namespace Portal.Web.GoldenPaths.Fields;

/// <summary>
/// What a picker's <c>ui:options</c> let through: <c>catalogFilter</c> (an object, or alternatives of them; values are
/// texts, lists of texts, or <c>{exists: true}</c>) and <c>allowedKinds</c>, as Backstage writes them.
/// </summary>
internal sealed class EntityPickerFilter
{
    private static readonly string[] CatalogKinds =
    [
        "Component", "API", "Group", "User", "System", "Domain", "Resource", "Template", "Location"
    ];

    private readonly IReadOnlyList<JsonObject> alternatives;

    private EntityPickerFilter(IReadOnlyList<JsonObject> alternatives, IReadOnlyList<string> kinds, bool onlyMine) =>
        (this.alternatives, Kinds, OnlyMine) = (alternatives, kinds, onlyMine);

    /// <summary>Kinds to ask the catalog for; empty = all.</summary>
    public IReadOnlyList<string> Kinds { get; }

    public bool OnlyMine { get; }

    /// <summary>Whether some that the catalog finds are not let through: descriptors tell.</summary>
    public bool LooksInside => alternatives.Count > 0;

    public static EntityPickerFilter Of(FormField field)
    {
        var alternatives = field.UiOptions["catalogFilter"] switch
        {
            JsonObject one => [one],
            JsonArray several => several.OfType<JsonObject>().ToList(),
            _ => new List<JsonObject>(),
        };
        var kinds = Texts(field.UiOptions["allowedKinds"]);
        if (kinds.Count == 0 && alternatives.All(a => a["kind"] is not null))
        {
            kinds = [.. alternatives.SelectMany(a => Texts(a["kind"]))];
        }
        if (kinds.Count == 0 && field.Field == "OwnerPicker" && alternatives.Count == 0) kinds = ["Group", "User"];
        if (field.Field == "MyGroupsPicker") kinds = ["Group"];
        var written = kinds.Select(k => CatalogKinds.FirstOrDefault(
            c => c.Equals(k, StringComparison.OrdinalIgnoreCase)) ?? k).Distinct(StringComparer.Ordinal);
        return new EntityPickerFilter(
            alternatives, [.. written], field.Field is "OwnedEntityPicker" or "MyGroupsPicker");
    }

    public bool Allows(CatalogEntity entity)
    {
        if (!LooksInside) return true;
        var descriptor = JsonNode.Parse(entity.Descriptor) as JsonObject ?? [];
        return alternatives.Any(a => a.All(rule => Holds(rule.Key, rule.Value, descriptor, entity)));
    }

    private static bool Holds(string key, JsonNode? wanted, JsonObject descriptor, CatalogEntity entity)
    {
        var value = key == "kind" ? JsonValue.Create(entity.Kind) : At(descriptor, key);
        if (wanted is JsonObject exists)
        {
            return exists["exists"] is not JsonValue flag || flag.ToString() == "true" == (value is not null);
        }
        var has = Texts(value);
        return Texts(wanted).Any(w => has.Contains(w, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>A member's own name may have dots, as annotations do: the longest name that is there counts.</summary>
    private static JsonNode? At(JsonNode? node, string path)
    {
        if (node is not JsonObject members) return null;
        if (members.TryGetPropertyValue(path, out var whole)) return whole;
        for (var dot = path.LastIndexOf('.'); dot > 0; dot = path.LastIndexOf('.', dot - 1))
        {
            if (members.TryGetPropertyValue(path[..dot], out var member)) return At(member, path[(dot + 1)..]);
            if (dot == 0) break;
        }
        return null;
    }

    private static List<string> Texts(JsonNode? node) => node switch
    {
        null => [],
        JsonArray list => [.. list.OfType<JsonValue>().Select(v => v.ToString())],
        JsonValue value => [value.ToString()],
        _ => [],
    };
}
