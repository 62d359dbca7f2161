using System.Text.Json.Nodes;
using Portal.Templating;

namespace Portal.Core.Runs;

/// <summary>
/// Between JSON and the template engine's values, with what only the run will know in both directions.
/// </summary>
internal static class JsonValues
{
    public static Value ToValue(JsonNode? node) => HoldsUnknown(node) ? Convert(node) : Value.From(node);

    /// <summary>Null for JSON's null; check <see cref="Value.IsUndefined"/> before.</summary>
    public static JsonNode? ToJson(Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Unknown:
                return UnknownValue.Of(Describe(value));
            case ValueKind.Array:
                return new JsonArray([.. value.AsArray.Items.Select(ToJson)]);
            case ValueKind.Object:
                var result = new JsonObject();
                foreach (var name in value.AsObject.Keys)
                {
                    if (value.AsObject[name] is { IsUndefined: false } member) result[name] = ToJson(member);
                }
                return result;
            default:
                return value.ToJsonNode();
        }
    }

    public static string Describe(Value unknown)
    {
        try
        {
            return unknown.ToString();
        }
        catch (UnknownValueException e)
        {
            return e.Description;
        }
    }

    public static bool HoldsUnknown(JsonNode? node) => UnknownValue.Is(node, out _) || node switch
    {
        JsonObject values => values.Any(v => HoldsUnknown(v.Value)),
        JsonArray items => items.Any(HoldsUnknown),
        _ => false,
    };

    private static Value Convert(JsonNode? node)
    {
        if (UnknownValue.Is(node, out var description)) return Value.Unknown(description);
        switch (node)
        {
            case JsonArray items:
                return Value.From(new ArrayValue(items.Select(Convert)));
            case JsonObject values:
                var result = new ObjectValue();
                foreach (var (name, value) in values) result.Set(name, Convert(value));
                return Value.From(result);
            default:
                return Value.From(node);
        }
    }
}
