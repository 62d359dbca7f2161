using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared.Files;

namespace Portal.Providers.ActionBases;

/// <summary>Reads inputs whose values may have any type, and in a plan may not be known.</summary>
internal static class InputReading
{
    /// <summary>As text, whatever it is; null when it is missing.</summary>
    public static string? TextOf(JsonNode? node) => UnknownValue.Is(node, out var why) ? $"({why})" : node switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => node.ToJsonString(),
    };

    public static string? AnyText(this JsonObject input, string name) => TextOf(input[name]);

    public static bool? MaybeFlag(this JsonObject input, string name) =>
        input[name] is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : null;

    public static long? Whole(this JsonObject input, string name) =>
        input.Number(name) is { } number ? (long)number : null;

    public static IReadOnlyList<string>? MaybeTexts(this JsonObject input, string name) =>
        input[name] is JsonArray list ? [.. list.Select(i => TextOf(i) ?? "")] : null;

    /// <summary>
    /// An object's members as texts; also a list of objects with name and value, as some templates write it.
    /// </summary>
    public static SortedDictionary<string, string> Pairs(this JsonObject input, string name)
    {
        var pairs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        switch (input[name])
        {
            case JsonObject members when !UnknownValue.Is(members, out _):
                foreach (var (key, value) in members) pairs[key] = TextOf(value) ?? "";
                break;
            case JsonArray list:
                foreach (var item in list.OfType<JsonObject>())
                {
                    pairs[item.AnyText("name") ?? ""] = item.AnyText("value") ?? "";
                }
                break;
        }
        return pairs;
    }

    /// <summary>The name in an entity reference such as <c>group:default/payments</c>, or the text itself.</summary>
    public static string EntityName(string reference) => reference[(reference.LastIndexOfAny([':', '/']) + 1)..];

    /// <summary>The workspace's files that an action publishes.</summary>
    public static FileTree Files(this ActionContext context) =>
        context.Workspace.Tree.Below(Workspace.Normalise(context.Input.Text("sourcePath") ?? ""));
}
