using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.TestKit.Azure.Templates;

/// <summary>Holds what a deployment gives against what its template declares.</summary>
internal static class TemplateParameters
{
    public static JsonObject Read(JsonObject declared, JsonObject given)
    {
        var unknown = given.Where(g => !declared.Any(d => d.Key.Equals(g.Key, StringComparison.OrdinalIgnoreCase)))
            .Select(g => $"'{g.Key}'").ToList();
        if (unknown.Count > 0)
        {
            throw new TemplateException(
                $"The following parameters were supplied, but do not correspond to any parameters defined in the template: {string.Join(", ", unknown)}");
        }
        var values = new JsonObject();
        foreach (var (name, node) in declared)
        {
            var declaration =
                node as JsonObject ?? throw new TemplateException($"The template parameter '{name}' is not valid.");
            var entry = given.FirstOrDefault(g => g.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
            if (entry is null)
            {
                if (!declaration.ContainsKey("defaultValue"))
                {
                    throw new TemplateException(
                        $"The value for the template parameter '{name}' is not provided. Please see https://aka.ms/arm-create-parameter-file for usage details.");
                }
                continue;
            }
            if (entry is not JsonObject holder || !holder.ContainsKey("value") || holder.Count != 1)
            {
                throw new TemplateException($"The parameter '{name}' must be an object with the one property 'value'.");
            }
            Check(name, declaration, holder["value"]);
            values[name] = holder["value"]?.DeepClone();
        }
        return values;
    }

    private static void Check(string name, JsonObject declaration, JsonNode? value)
    {
        var type = declaration["type"]?.ToString().ToLowerInvariant();
        var kind = value?.GetValueKind() ?? JsonValueKind.Null;
        var fits = type switch
        {
            "string" or "securestring" => kind == JsonValueKind.String,
            "int" => kind == JsonValueKind.Number && long.TryParse(value!.ToString(), out _),
            "bool" => kind is JsonValueKind.True or JsonValueKind.False,
            "object" or "secureobject" => kind == JsonValueKind.Object,
            "array" => kind == JsonValueKind.Array,
            _ => throw new TemplateException($"The template parameter '{name}' has the unknown type '{type}'."),
        };
        if (!fits)
        {
            throw new TemplateException(
                $"Template parameter JToken type is not valid. Expected '{type}'. Actual '{kind}'. Please see https://aka.ms/resource-manager-parameter-files for usage details. ('{name}')");
        }
        if (declaration["allowedValues"] is JsonArray allowed && !allowed.Any(a => JsonNode.DeepEquals(a, value)))
        {
            throw new TemplateException(
                $"The provided value for the template parameter '{name}' is not valid. The value '{value}' is not part of the allowed value(s): '{string.Join(",", allowed.Select(a => a?.ToString()))}'.");
        }
        var length = value is JsonArray items ? items.Count : value?.ToString().Length ?? 0;
        if (type is "string" or "securestring" or "array"
            && (Limit(declaration, "minLength") > length || Limit(declaration, "maxLength") < length))
        {
            throw new TemplateException(
                $"The provided value for the template parameter '{name}' is not valid. The length of the value should be between {declaration["minLength"]} and {declaration["maxLength"]}.");
        }
    }

    private static int? Limit(JsonObject declaration, string name) =>
        declaration[name] is JsonValue value ? (int)value.GetValue<long>() : null;
}
