using System.Text.Json.Nodes;
using Portal.Core.Schema;

namespace Portal.Core.GoldenPaths.Forms.Resolution;

/// <summary>
/// The values that a field offers: <c>enum</c> with <c>enumNames</c>, or titled constants in <c>oneOf</c> or
/// <c>anyOf</c>.
/// </summary>
internal static class FieldOptions
{
    public static IReadOnlyList<FormOption> Of(EffectiveSchema schema, JsonObject ui)
    {
        var names = (ui["enumNames"] ?? schema["enumNames"]) as JsonArray;
        if (schema["enum"] is JsonArray values)
        {
            // Where several schemas list values (allOf), a value must be in all of them.
            var lists = schema.Sites.Select(site => site.Schema["enum"]).OfType<JsonArray>().ToList();
            var common = values.Where(value => lists.All(list => list.Contains(value, JsonEquality.Instance))).ToList();
            var offered = common.Count > 0 ? common : [.. values];
            return [.. offered.Select(
                value => new FormOption(value?.DeepClone(), Label(names, values.IndexOf(value), value)))];
        }

        foreach (var keyword in (string[])["oneOf", "anyOf"])
        {
            if (schema[keyword] is JsonArray { Count: > 0 } branches && SchemaResolver.AreOptions(branches))
            {
                return [.. branches.Cast<JsonObject>().Select(Option)];
            }
        }

        return names is { Count: 2 } && schema.Type == "boolean"
            ? [new FormOption(true, Label(names, 0, null)), new FormOption(false, Label(names, 1, null))]
            : [];
    }

    private static FormOption Option(JsonObject branch)
    {
        var value = branch.TryGetPropertyValue("const", out var only) ? only : ((JsonArray)branch["enum"]!)[0];
        return new FormOption(value?.DeepClone(), JsonKinds.TextOrNull(branch["title"]) ?? Words(value));
    }

    private static string Label(JsonArray? names, int index, JsonNode? value)
        => index >= 0 && index < names?.Count && names[index] is { } name ? Words(name) : Words(value);

    private static string Words(JsonNode? value) =>
        value is null ? "(none)" : JsonKinds.TextOrNull(value) ?? value.ToJsonString();
}
