using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Core.Schema;

/// <summary>Equality of JSON values as JSON Schema means it: members in any order, numbers by value.</summary>
internal sealed class JsonEquality : IEqualityComparer<JsonNode?>
{
    public static readonly JsonEquality Instance = new();

    public bool Equals(JsonNode? x, JsonNode? y)
    {
        var kind = JsonKinds.Of(x);
        if (kind != JsonKinds.Of(y)) return false;

        return kind switch
        {
            JsonKind.String => JsonKinds.Text(x!) == JsonKinds.Text(y!),
            JsonKind.Number => JsonNumber.TryGet(x, out var a) && JsonNumber.TryGet(y, out var b) && a.Equals(b),
            JsonKind.Boolean => x!.GetValue<bool>() == y!.GetValue<bool>(),
            JsonKind.Array => ((JsonArray)x!).SequenceEqual((JsonArray)y!, this),
            JsonKind.Object => SameMembers((JsonObject)x!, (JsonObject)y!),
            _ => true,
        };
    }

    public int GetHashCode(JsonNode? obj) => JsonKinds.Of(obj) switch
    {
        JsonKind.String => JsonKinds.Text(obj!).GetHashCode(StringComparison.Ordinal),
        JsonKind.Number => JsonNumber.TryGet(obj, out var number) ? number.GetHashCode() : 1,
        JsonKind.Boolean => obj!.GetValue<bool>() ? 3 : 5,
        JsonKind.Array => ((JsonArray)obj!).Aggregate(7, (hash, item) => HashCode.Combine(hash, GetHashCode(item))),
        JsonKind.Object => ((JsonObject)obj!).Aggregate(
            11, (hash, member) => hash ^ HashCode.Combine(member.Key, GetHashCode(member.Value))),
        _ => 0,
    };

    private bool SameMembers(JsonObject x, JsonObject y)
        => x.Count == y.Count
            && x.All(member => y.TryGetPropertyValue(member.Key, out var other) && Equals(member.Value, other));
}

internal enum JsonKind
{
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
}

internal static class JsonKinds
{
    public static JsonKind Of(JsonNode? node) => node switch
    {
        null => JsonKind.Null,
        JsonObject => JsonKind.Object,
        JsonArray => JsonKind.Array,
        _ => node.GetValueKind() switch
        {
            JsonValueKind.String => JsonKind.String,
            JsonValueKind.Number => JsonKind.Number,
            JsonValueKind.True or JsonValueKind.False => JsonKind.Boolean,
            _ => JsonKind.Null,
        },
    };

    /// <summary>
    /// The text of a JSON string, whatever type of .NET holds it (a date is written as its JSON text).
    /// </summary>
    public static string Text(JsonNode node)
        => node is JsonValue value && value.TryGetValue<string>(out var text)
            ? text
            : JsonSerializer.Deserialize<string>(node.ToJsonString())!;

    public static string? TextOrNull(JsonNode? node) => Of(node) == JsonKind.String ? Text(node!) : null;

    public static bool IsTrue(JsonNode? node) => Of(node) == JsonKind.Boolean && node!.GetValue<bool>();

    /// <summary>
    /// A copy that many threads can read: a parsed <see cref="JsonNode"/> builds its members on first access, so every
    /// one is touched here.
    /// </summary>
    public static JsonNode? Freeze(JsonNode? node)
    {
        var copy = node?.DeepClone();
        Touch(copy);
        return copy;
    }

    public static bool IsDeeperThan(JsonNode? node, int levels) => node switch
    {
        JsonObject members => levels == 0 || members.Any(member => IsDeeperThan(member.Value, levels - 1)),
        JsonArray items => levels == 0 || items.Any(item => IsDeeperThan(item, levels - 1)),
        _ => false,
    };

    private static void Touch(JsonNode? node)
    {
        if (node is JsonObject members)
        {
            foreach (var (_, member) in members) Touch(member);
        }
        else if (node is JsonArray items)
        {
            foreach (var item in items) Touch(item);
        }
    }
}
