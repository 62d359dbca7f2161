using System.Text.Json.Nodes;
using Portal.Core.Runs;

namespace Portal.Web.GoldenPaths.Runs;

/// <summary>
/// What a run changed, as a thing that is there: a journal tells what was done ("Create repository orders/basket").
/// </summary>
internal static class ChangeWords
{
    /// <summary>"Repository orders/basket".</summary>
    public static string Thing(JournalEntry entry)
    {
        var space = entry.Summary.IndexOf(' ', StringComparison.Ordinal);
        var thing = space < 0 ? entry.Summary : entry.Summary[(space + 1)..];
        return thing.Length == 0 ? entry.Summary : char.ToUpperInvariant(thing[0]) + thing[1..];
    }

    /// <summary>The name of the thing, which its owner has to type before it goes.</summary>
    public static string NameOf(JournalEntry entry) =>
        (JsonNode.Parse(entry.Arguments) as JsonObject)?["name"] is JsonValue name
            && name.TryGetValue<string>(out var text) ? text : entry.Name;
}
