using System.Text.Json.Nodes;
using Portal.Core.Schema;

namespace Portal.TestKit.GitHub.Description;

/// <summary>Turns schemas of OpenAPI 3.0 into JSON Schema, with all that they refer to.</summary>
/// <param name="components">The description's <c>components/schemas</c>.</param>
/// <param name="closed">
/// A property that the description does not list is an error. GitHub ignores such a property in silence, so a client
/// that sends one is wrong without noticing.
/// </param>
internal sealed class OpenApiSchema(JsonObject components, bool closed)
{
    private const string Open = "~open";

    private static readonly string[] Copied =

        [
            "type", "enum", "minimum", "maximum", "multipleOf", "minLength", "maxLength", "pattern", "minItems",
            "maxItems", "uniqueItems", "required", "minProperties", "maxProperties"
        ];

    private static readonly string[] Formats = ["date-time", "date", "email", "uri"];

    private readonly JsonObject definitions = [];

    public static JsonSchema Compile(JsonNode schema, JsonObject components, bool closed)
    {
        var made = new OpenApiSchema(components, closed);
        var root = made.Convert(schema, closed);
        root["$defs"] = made.definitions;
        return JsonSchema.Parse(root, SchemaDialect.Draft2020);
    }

    private JsonObject Convert(JsonNode schema, bool close)
    {
        var from = schema.AsObject();
        if (from["$ref"] is { } reference) return Refer(reference.GetValue<string>(), close);
        var made = new JsonObject();
        foreach (var name in Copied)
        {
            if (from[name] is { } value) made[name] = value.DeepClone();
        }
        // GitHub itself answers with an empty text where it promises an address.
        if (closed && from["format"]?.GetValue<string>() is { } format && Formats.Contains(format))
        {
            made["format"] = format;
        }
        if (from["items"] is { } items) made["items"] = Convert(items, closed);
        AddProperties(from, made, close);
        AddChoices(from, made, close);
        return (bool?)from["nullable"] == true
            ? new JsonObject { ["anyOf"] = new JsonArray(made, new JsonObject { ["type"] = "null" }) }
            : made;
    }

    private void AddProperties(JsonObject from, JsonObject made, bool close)
    {
        if (from["properties"] is JsonObject { Count: > 0 } properties)
        {
            var converted = new JsonObject();
            foreach (var (name, schema) in properties) converted[name] = Convert(schema!, closed);
            made["properties"] = converted;
        }
        if (from["additionalProperties"] is { } additional) made["additionalProperties"] =
            additional is JsonObject rule ? Convert(rule, closed) : additional.DeepClone();
        else if (close && Listed(from) is { Count: > 0 } listed
            && (from.ContainsKey("properties") || from.ContainsKey("allOf"))) Close(made, listed);
    }

    /// <summary>Alternatives beside listed properties add to them: only together they say what may be there.</summary>
    private void AddChoices(JsonObject from, JsonObject made, bool close)
    {
        var together = from.ContainsKey("properties") || from.ContainsKey("allOf");
        foreach (var name in (string[])["allOf", "anyOf", "oneOf"])
        {
            if (from[name] is JsonArray choices)
            {
                made[name] = new JsonArray([.. choices.Select(choice => Convert(choice!, close && !together))]);
            }
        }
        if (from["not"] is { } not) made["not"] = Convert(not, close: false);
    }

    private static void Close(JsonObject made, HashSet<string> listed)
    {
        var properties = made["properties"] as JsonObject ?? [];
        foreach (var name in listed) properties.TryAdd(name, JsonValue.Create(true));
        made["properties"] = properties;
        made["additionalProperties"] = false;
    }

    /// <summary>
    /// The names of all properties that a schema or a part of it lists; none when one of the parts lets everything in.
    /// </summary>
    private HashSet<string> Listed(JsonObject schema)
    {
        if (schema["$ref"]?.GetValue<string>() is { } reference) return Listed(Component(reference));
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (schema["properties"] is JsonObject properties) names.UnionWith(properties.Select(p => p.Key));
        foreach (var choices in (string[])["allOf", "anyOf", "oneOf"])
        {
            if (schema[choices] is JsonArray parts)
            {
                foreach (var part in parts) names.UnionWith(Listed(part!.AsObject()));
            }
        }
        return names;
    }

    private JsonObject Refer(string reference, bool close)
    {
        var name = reference[(reference.LastIndexOf('/') + 1)..] + (close ? "" : Open);
        if (!definitions.ContainsKey(name))
        {
            definitions[name] = new JsonObject();
            definitions[name] = Convert(Component(reference), close);
        }
        return new JsonObject { ["$ref"] = $"#/$defs/{name}" };
    }

    private JsonObject Component(string reference) =>
        components[reference[(reference.LastIndexOf('/') + 1)..]]!.AsObject();
}
