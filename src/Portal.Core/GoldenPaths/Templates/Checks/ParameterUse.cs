using System.Text.Json.Nodes;
using Portal.Core.Schema;

namespace Portal.Core.GoldenPaths.Templates.Checks;

/// <summary>Fields of the form that nothing reads: neither a step nor a condition of the form itself.</summary>
internal static class ParameterUse
{
    public static void Check(TemplateManifest manifest, ManifestCheck used, Findings findings)
    {
        if (used.UsesAllParameters || used.IsIncomplete) return;
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        var deciding = new HashSet<string>(StringComparer.Ordinal);
        Survey(manifest.SpecJson["parameters"], "/spec/parameters", top: true, places, deciding);
        foreach (var name in manifest.Spec.Parameters ?? [])
        {
            if (used.UsedParameters.Contains(name) || deciding.Contains(name)) continue;
            findings.Warning(manifest.NoteAt(places.GetValueOrDefault(name, "/spec/parameters"),
                $"The parameter '{name}' is asked for and never used.",
                $"Read it in a step, ${{{{ parameters.{name} }}}}, or remove the field."));
        }
    }

    /// <param name="top">Whether <c>properties</c> here are parameters, not members of one.</param>
    private static void Survey(
        JsonNode? node, string pointer, bool top, Dictionary<string, string> places, HashSet<string> deciding)
    {
        if (node is JsonArray items)
        {
            for (var i = 0; i < items.Count; i++) Survey(
                items[i], JsonPointer.Append(pointer, i), top, places, deciding);
            return;
        }
        if (node is not JsonObject schema) return;
        foreach (var (keyword, value) in schema)
        {
            var at = JsonPointer.Append(pointer, keyword);
            if (keyword is "dependencies" or "dependentSchemas" or "dependentRequired"
                && value is JsonObject dependencies)
            {
                deciding.UnionWith(dependencies.Select(d => d.Key));
            }
            if (keyword == "if" && value?["properties"] is JsonObject conditions)
            {
                deciding.UnionWith(conditions.Select(c => c.Key));
            }
            if (keyword == "properties" && value is JsonObject properties)
            {
                foreach (var (name, property) in properties)
                {
                    if (top) places.TryAdd(name, JsonPointer.Append(at, name));
                    Survey(property, JsonPointer.Append(at, name), top: false, places, deciding);
                }
            }
            else if (keyword is not ("default" or "enum" or "const" or "examples"))
            {
                Survey(value, at, top, places, deciding);
            }
        }
    }
}
