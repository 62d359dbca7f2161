using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Portal.Core.Shared;

/// <summary>A document of a YAML file as JSON, with the line on which each part of it stands.</summary>
public sealed class YamlDocument(JsonNode? root, IReadOnlyDictionary<string, int> lines)
{
    public JsonNode? Root { get; } = root;

    /// <summary>Line, from 1, of the value at a JSON pointer, or of the nearest part above it.</summary>
    public int LineOf(string pointer)
    {
        while (true)
        {
            if (lines.TryGetValue(pointer, out var line)) return line;
            if (pointer.Length == 0) return 1;
            pointer = pointer[..pointer.LastIndexOf('/')];
        }
    }
}

/// <summary>A file that is no YAML, or nested or aliased beyond reason.</summary>
public sealed class YamlFormatException(string message, int line) : Exception(message)
{
    public int Line { get; } = line;
}

/// <summary>Reads YAML 1.2's core schema into JSON: plain true, null and numbers have their types, everything else is text.</summary>
public static class Yaml
{
    private const int MaxDepth = 100;

    /// <summary>Aliases can multiply: "billion laughs".</summary>
    private const int MaxNodes = 200_000;

    /// <exception cref="YamlFormatException">With the line.</exception>
    public static IReadOnlyList<YamlDocument> Parse(string text)
    {
        var stream = new YamlStream();
        try
        {
            CheckDepth(text);
            stream.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            throw new YamlFormatException($"not valid YAML: {e.Message.TrimEnd('.')}.", (int)e.Start.Line);
        }
        var budget = MaxNodes;
        return stream.Documents.Select(d =>
        {
            var lines = new Dictionary<string, int>(StringComparer.Ordinal);
            return new YamlDocument(Convert(d.RootNode, "", lines, 0, ref budget), lines);
        }).ToList();
    }

    /// <summary>YamlDotNet builds its tree by recursion, so depth is looked at before.</summary>
    private static void CheckDepth(string text)
    {
        var parser = new Parser(new StringReader(text));
        var depth = 0;
        while (parser.MoveNext())
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > MaxDepth) throw new YamlFormatException($"nested deeper than {MaxDepth} levels.", (int)parser.Current.Start.Line);
        }
    }

    private static JsonNode? Convert(YamlNode node, string pointer, Dictionary<string, int> lines, int depth, ref int budget)
    {
        var line = (int)node.Start.Line;
        if (--budget < 0) throw new YamlFormatException($"more than {MaxNodes} values.", line);
        if (depth > MaxDepth) throw new YamlFormatException($"nested deeper than {MaxDepth} levels.", line);
        lines[pointer] = line;
        switch (node)
        {
            case YamlMappingNode map:
                var members = new JsonObject();
                foreach (var (key, value) in map.Children)
                {
                    var name = (key as YamlScalarNode)?.Value ?? throw new YamlFormatException("a key must be text.", (int)key.Start.Line);
                    members[name] = Convert(value, $"{pointer}/{name.Replace("~", "~0").Replace("/", "~1")}", lines, depth + 1, ref budget);
                }
                return members;
            case YamlSequenceNode sequence:
                var items = new JsonArray();
                foreach (var value in sequence.Children) items.Add(Convert(value, $"{pointer}/{items.Count}", lines, depth + 1, ref budget));
                return items;
            case YamlScalarNode scalar:
                return Scalar(scalar);
            default:
                throw new YamlFormatException("an alias that refers to nothing.", line);
        }
    }

    private static JsonNode? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style is not ScalarStyle.Plain || !scalar.Tag.IsEmpty && scalar.Tag.Value == "tag:yaml.org,2002:str") return JsonValue.Create(text);
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL": return null;
            case "true" or "True" or "TRUE": return JsonValue.Create(true);
            case "false" or "False" or "FALSE": return JsonValue.Create(false);
        }
        if (!char.IsAsciiDigit(text[^1]) && text[^1] != '.' || !(char.IsAsciiDigit(text[0]) || text[0] is '-' or '+' or '.')) return JsonValue.Create(text);
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) return JsonValue.Create(whole);
        const NumberStyles real = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(text, real, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? JsonValue.Create(number)
            : JsonValue.Create(text);
    }
}
