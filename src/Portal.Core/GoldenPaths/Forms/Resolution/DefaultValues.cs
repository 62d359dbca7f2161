using System.Text.Json.Nodes;
using Portal.Core.Schema;

namespace Portal.Core.GoldenPaths.Forms.Resolution;

/// <summary>
/// Fills in what is absent: <c>const</c>, <c>default</c>, defaults inside objects and list items. Unlike
/// react-jsonschema-form an optional object without any default stays away, so that its required fields do not become
/// everybody's.
/// </summary>
internal sealed class DefaultValues(SchemaResolver resolver, Func<string, bool> mayFill)
{
    private readonly HashSet<string> open = new(StringComparer.Ordinal);

    /// <summary>Fills one object in place; true when something changed, as that may bring further fields.</summary>
    public bool Fill(IReadOnlyList<SchemaSite> sites, JsonObject value, string path, int depth = 0)
    {
        if (depth > FormLimits.MaxNesting) return false;

        var changed = false;
        var effective = resolver.Resolve(sites, value, path);
        effective.Descend(
            open, value.Count > 0 || depth == 0, () => changed = FillMembers(effective, value, path, depth));
        return changed;
    }

    private bool FillMembers(EffectiveSchema effective, JsonObject value, string path, int depth)
    {
        var changed = false;
        foreach (var (name, given) in effective["default"] as JsonObject ?? [])
        {
            if (!value.ContainsKey(name) && mayFill(JsonPointer.Append(path, name)))
            {
                value[name] = given?.DeepClone();
                changed = true;
            }
        }

        foreach (var (name, property) in effective.Properties())
        {
            var at = JsonPointer.Append(path, name);
            if (value.TryGetPropertyValue(name, out var present))
            {
                changed |= FillInside(property, present, at, depth + 1);
            }
            else if (mayFill(at) && TryMake(property, at, effective.Required.Contains(name), depth + 1, out var made))
            {
                value[name] = made;
                changed = true;
            }
        }

        return changed;
    }

    /// <summary>What a new item of a list starts with; null when nothing is known about it.</summary>
    public JsonNode? Make(IReadOnlyList<SchemaSite> sites, string path) =>
        TryMake(sites, path, required: true, 0, out var made) ? made : null;

    private bool FillInside(List<SchemaSite> sites, JsonNode? value, string path, int depth)
    {
        if (value is JsonObject members) return Fill(sites, members, path, depth);

        var changed = false;
        if (value is JsonArray items)
        {
            var schema = resolver.Resolve(sites, value, path);
            for (var i = 0; i < items.Count; i++)
            {
                changed |= items[i] is JsonObject item
                    && Fill(schema.ItemsAt(i), item, JsonPointer.Append(path, i), depth + 1);
            }
        }

        return changed;
    }

    private bool TryMake(IReadOnlyList<SchemaSite> sites, string path, bool required, int depth, out JsonNode? made)
    {
        var schema = resolver.Resolve(sites, null, path);
        if (schema.Find("const", out made) || schema.Find("default", out made))
        {
            made = made?.DeepClone();
            FillInside([.. sites], made, path, depth);
            return true;
        }

        if (schema.Type == "object" && depth <= FormLimits.MaxNesting)
        {
            var members = new JsonObject();
            Fill(sites, members, path, depth);
            made = members;
            return required || members.Count > 0;
        }

        made = schema.Type == "array" ? MakeItems(schema, path) : null;
        return made is JsonArray items && (required || items.Count > 0);
    }

    /// <summary>As many items as the list must have, where a default says what is in them.</summary>
    private JsonArray MakeItems(EffectiveSchema schema, string path)
    {
        var items = new JsonArray();
        var least = JsonNumber.TryGet(schema["minItems"], out var number)
            && number.TryGetInt32(out var count) ? Math.Min(count, 100) : 0;
        for (var i = 0; i < least; i++)
        {
            if (Make(schema.ItemsAt(i), JsonPointer.Append(path, i)) is not { } item) break;

            items.Add(item);
        }

        return items;
    }
}
