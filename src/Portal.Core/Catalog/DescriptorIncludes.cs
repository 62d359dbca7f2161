using System.Text.Json.Nodes;
using Portal.Core.Entities;
using Portal.Core.Shared;

namespace Portal.Core.Catalog;

/// <summary>
/// Parts of a descriptor that stand in a file of their own, as Backstage has them: <c>definition: { $text:
/// ./openapi.yaml }</c>.
/// </summary>
public static class DescriptorIncludes
{
    private const string Text = "$text";

    /// <summary>The relative paths that a descriptor file names; web addresses are left as they are.</summary>
    public static IReadOnlyList<string> PathsIn(string descriptors)
    {
        try
        {
            // Most name none, and reading a file costs more than looking for the word.
            return descriptors.Contains(Text, StringComparison.Ordinal)
                ? PathsIn(Yaml.Read(descriptors, DescriptorLimits.File).Select(d => d.Root))
                : [];
        }
        catch (YamlFormatException)
        {
            // Whoever reads the descriptor itself says what is wrong with it.
            return [];
        }
    }

    internal static IReadOnlyList<string> PathsIn(IEnumerable<JsonNode?> descriptors) =>
        descriptors.SelectMany(Includes).Where(IsPath).Distinct(StringComparer.Ordinal).ToList();

    /// <summary>
    /// The descriptor with the texts in the place of the paths; a path whose text is not given stays.
    /// </summary>
    public static JsonNode Resolve(JsonNode node, IReadOnlyDictionary<string, string> files) => node switch
    {
        JsonObject { Count: 1 } one when one[Text] is JsonValue path
            && files.TryGetValue(path.ToString(), out var text) => JsonValue.Create(text),
        JsonObject members => new JsonObject(
            members.Select(m => KeyValuePair.Create(m.Key, m.Value is null ? null : Resolve(m.Value, files)))),
        JsonArray items => new JsonArray([.. items.Select(i => i is null ? null : Resolve(i, files))]),
        _ => node.DeepClone(),
    };

    private static IEnumerable<string> Includes(JsonNode? node) => node switch
    {
        JsonObject { Count: 1 } one when one[Text] is JsonValue path => [path.ToString()],
        JsonObject members => members.SelectMany(m => Includes(m.Value)),
        JsonArray items => items.SelectMany(Includes),
        _ => [],
    };

    private static bool IsPath(string include) => !include.Contains("://", StringComparison.Ordinal);
}
