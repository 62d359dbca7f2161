using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Templating;

/// <summary>Between <see cref="Value"/> and <see cref="JsonNode"/>.</summary>
internal static class JsonBridge
{
    private const int MaxNodes = 1_000_000;

    public static Value FromNode(JsonNode? node, int depth)
    {
        if (depth > 256) throw new TemplateLimitException("A value is nested more than 256 levels deep.");

        switch (node)
        {
            case null:
                return Value.Null;
            case JsonArray array:
                var items = new List<Value>(array.Count);
                foreach (var item in array) items.Add(FromNode(item, depth + 1));

                return Value.From(new ArrayValue(items, isReadOnly: true));
            case JsonObject value:
                var result = new ObjectValue();
                foreach (var (name, member) in value) result.Set(name, FromNode(member, depth + 1));

                return Value.From(result);
            default:
                return FromScalar(node.AsValue());
        }
    }

    private static Value FromScalar(JsonValue node)
    {
        switch (node.GetValueKind())
        {
            case JsonValueKind.String:
                return Value.From(node.TryGetValue<string>(out var text)
                    ? text
                    : JsonDocument.Parse(node.ToJsonString()).RootElement.GetString());
            case JsonValueKind.True:
                return Value.True;
            case JsonValueKind.False:
                return Value.False;
            case JsonValueKind.Number:
                return Value.From(node.TryGetValue<double>(out var number)
                    ? number
                    : double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture));
            default:
                return Value.Null;
        }
    }

    public static JsonNode? ToNode(Value value, bool showUnknown)
    {
        var budget = MaxNodes;
        return ToNode(value, showUnknown, ref budget);
    }

    private static JsonNode? ToNode(Value value, bool showUnknown, ref int budget)
    {
        if (--budget < 0 || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new TemplateLimitException("A value is too large or too deeply nested to become JSON.");
        }

        switch (value.Kind)
        {
            case ValueKind.Boolean:
                return JsonValue.Create(value.AsBoolean);
            case ValueKind.Number:
                return NumberNode(value.AsNumber);
            case ValueKind.String or ValueKind.SafeString:
                return JsonValue.Create(value.AsString);
            case ValueKind.Array:
                var array = new JsonArray();
                foreach (var item in value.AsArray.Items) array.Add(ToNode(item, showUnknown, ref budget));

                return array;
            case ValueKind.Object:
                var result = new JsonObject();
                foreach (var key in value.AsObject.Keys)
                {
                    var member = value.AsObject[key];
                    if (!member.IsUndefined && member.Kind != ValueKind.Callable)
                    {
                        result[key] = ToNode(member, showUnknown, ref budget);
                    }
                }

                return result;
            case ValueKind.Unknown when showUnknown:
                return JsonValue.Create(value.AsUnknown.Preview);
            case ValueKind.Unknown:
                throw new UnknownValueException(value.AsUnknown.Description);
            case ValueKind.Regex:
                return new JsonObject();
            default:
                return null;
        }
    }

    // Whole numbers become integers, so that 3 is written as 3 and a schema's "integer" accepts it.
    private static JsonNode? NumberNode(double number) => number switch
    {
        _ when !double.IsFinite(number) => null,
        _ when number == Math.Floor(number) && Math.Abs(number) <= 9007199254740991 => JsonValue.Create((long)number),
        _ => JsonValue.Create(number),
    };
}
