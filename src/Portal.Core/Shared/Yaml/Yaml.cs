using System.Text.Json.Nodes;

namespace Portal.Core.Shared;

/// <summary>
/// YAML 1.2's core schema to JSON and back: plain true, null and numbers have their types, everything else is text.
/// </summary>
public static class Yaml
{
    /// <exception cref="YamlFormatException">With the line.</exception>
    public static IReadOnlyList<YamlDocument> Parse(string text) => [.. Read(text)];

    /// <summary>One document after the other, for files that may hold many.</summary>
    /// <exception cref="YamlFormatException">With the line.</exception>
    public static IEnumerable<YamlDocument> Read(string text, YamlLimits? limits = null) =>
        YamlReader.Read(text.TrimStart('\uFEFF'), limits ?? YamlLimits.Usual);

    /// <summary>In block style; text that would be read as something else is quoted.</summary>
    public static string Write(JsonNode? node) => YamlWriter.Write(node);
}
