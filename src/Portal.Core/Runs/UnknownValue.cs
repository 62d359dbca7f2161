using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Portal.Core.Runs;

/// <summary>
/// A value that nobody can know before the run, as JSON: <c>{"$unknown": "why"}</c>. The planner turns it into the
/// template engine's unknown and back; it never reaches a real run.
/// </summary>
public static class UnknownValue
{
    private const string Key = "$unknown";

    public static JsonObject Of(string description) => new() { [Key] = description };

    public static bool Is(JsonNode? node, [NotNullWhen(true)] out string? description)
    {
        description = node is JsonObject { Count: 1 } one
            && one.TryGetPropertyValue(Key, out var text) ? text?.GetValue<string>() : null;
        return description is not null;
    }
}
