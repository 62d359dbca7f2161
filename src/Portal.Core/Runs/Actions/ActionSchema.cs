using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Core.Runs.Actions;

/// <summary>Short forms for the schemas and examples that actions describe themselves with.</summary>
public static class ActionSchema
{
    public static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    /// <summary>No outputs.</summary>
    public static JsonObject Nothing => Parse("""{ "type": "object", "properties": {} }""");

    public static string? Text(this JsonObject input, string name) =>
        input[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static bool Flag(this JsonObject input, string name, bool otherwise = false) =>
        input[name] is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : otherwise;

    /// <summary>
    /// Whatever kind of number it is kept as: 5 of a template is an integer, 5 of an expression is not.
    /// </summary>
    public static double? Number(this JsonObject input, string name) =>
        input[name] is JsonValue value && double.TryParse(
            value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static IReadOnlyList<string> Texts(this JsonObject input, string name) =>
        input[name] is JsonArray list ? [.. list.Select(i => i?.ToString() ?? "")] : [];
}
