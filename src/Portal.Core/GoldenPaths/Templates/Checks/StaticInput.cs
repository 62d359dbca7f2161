using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Runs;
using Portal.Templating;

namespace Portal.Core.GoldenPaths.Templates.Checks;

/// <summary>
/// A step's input as far as it is written out: what an expression gives is unknown, what is empty is not there.
/// </summary>
internal static class StaticInput
{
    private static readonly TemplateEngine Engine = new();

    public static JsonObject Of(JsonObject input)
    {
        var result = new JsonObject();
        foreach (var (name, value) in input)
        {
            if (!IsEmpty(value)) result[name] = Node(value);
        }
        return result;
    }

    private static JsonNode? Node(JsonNode? node) => node switch
    {
        JsonObject values => Of(values),
        JsonArray items => new JsonArray([.. items.Where(i => !IsEmpty(i)).Select(Node)]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String
            && !Engine.IsLiteral(value.GetValue<string>()) => UnknownValue.Of(value.GetValue<string>()),
        _ => node?.DeepClone(),
    };

    private static bool IsEmpty(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length == 0;
}
