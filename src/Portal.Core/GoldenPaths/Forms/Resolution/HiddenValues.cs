using System.Text.Json.Nodes;
using Portal.Core.Schema;

namespace Portal.Core.GoldenPaths.Forms.Resolution;

/// <summary>Takes away the values of fields that some branch declares and no branch shows now.</summary>
internal static class HiddenValues
{
    /// <summary>Prunes one object in place; true when something went, as that may hide further fields.</summary>
    public static bool Remove(
        IReadOnlyList<(SchemaResolver Resolver, IReadOnlyList<SchemaSite> Sites)> pages, JsonObject value, string path,
        int depth = 0)
    {
        if (depth > FormLimits.MaxNesting) return false;

        var visible = new Dictionary<string, List<(SchemaResolver, IReadOnlyList<SchemaSite>)>>(StringComparer.Ordinal);
        var declared = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (resolver, sites) in pages)
        {
            foreach (var (name, property) in resolver.Resolve(sites, value, path).Properties())
            {
                if (!visible.TryGetValue(name, out var seen)) visible.Add(name, seen = []);

                seen.Add((resolver, property));
            }

            DeclaredNames.Collect(sites.Select(site => site.Schema), resolver.Root.Schema, declared);
        }

        var changed = false;
        foreach (var name in value.Select(member => member.Key).ToList())
        {
            if (visible.TryGetValue(name, out var schemas))
            {
                changed |= Inside(schemas, value[name], JsonPointer.Append(path, name), depth + 1);
            }
            else if (declared.Contains(name))
            {
                value.Remove(name);
                changed = true;
            }
        }

        return changed;
    }

    private static bool Inside(
        List<(SchemaResolver Resolver, IReadOnlyList<SchemaSite> Sites)> schemas, JsonNode? value, string path,
        int depth)
    {
        if (value is JsonObject members) return Remove(schemas, members, path, depth);

        var changed = false;
        if (value is JsonArray items)
        {
            var lists = schemas.Select(
                schema => (schema.Resolver, List: schema.Resolver.Resolve(schema.Sites, value, path))).ToList();
            for (var i = 0; i < items.Count; i++)
            {
                var index = i;
                changed |= items[i] is JsonObject item
                    && Remove(
                        [.. lists.Select(list => (list.Resolver, (IReadOnlyList<SchemaSite>)list.List.ItemsAt(index)))],
                        item, JsonPointer.Append(path, i), depth + 1);
            }
        }

        return changed;
    }
}

/// <summary>Every property name that schemas declare for one object, in whichever branch.</summary>
internal static class DeclaredNames
{
    public static void Collect(IEnumerable<JsonObject> schemas, JsonObject root, ISet<string> names)
    {
        var visited = new HashSet<JsonObject>(ReferenceEqualityComparer.Instance);
        foreach (var schema in schemas) Visit(schema, root, names, visited);
    }

    private static void Visit(JsonNode? node, JsonObject root, ISet<string> names, HashSet<JsonObject> visited)
    {
        if (node is not JsonObject schema || !visited.Add(schema)) return;

        foreach (var (name, _) in schema["properties"] as JsonObject ?? []) names.Add(name);

        if (JsonKinds.TextOrNull(schema["$ref"]) is ['#', ..] reference
            && JsonPointer.TryGet(root, Uri.UnescapeDataString(reference[1..]), out var target))
        {
            Visit(target, root, names, visited);
        }

        foreach (var branch in Branches(schema)) Visit(branch, root, names, visited);
    }

    /// <summary>
    /// The schemas inside a schema that speak about the same value. Not <c>if</c> and <c>not</c>: they only ask.
    /// </summary>
    public static IEnumerable<JsonNode?> Branches(JsonObject schema)
        => ((string[])["allOf", "anyOf", "oneOf"]).SelectMany(keyword => schema[keyword] as JsonArray ?? [])
            .Concat(((string[])["dependencies", "dependentSchemas"]).SelectMany(
                keyword => (schema[keyword] as JsonObject ?? []).Select(entry => entry.Value)))
            .Concat([schema["then"], schema["else"]]);
}
