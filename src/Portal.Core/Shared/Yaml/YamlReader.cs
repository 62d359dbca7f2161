using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Portal.Core.Shared;

/// <summary>
/// Reads YAML as JSON, by the core schema of YAML 1.2 with merge keys, and remembers where each value stands. Duplicate keys are
/// errors; aliases may not blow a document up.
/// </summary>
internal sealed class YamlReader
{
    private const int MaxDepth = 100;
    private const int MaxNodes = 200_000;

    private readonly Parser parser;
    private readonly string[] lines;
    private readonly Dictionary<string, JsonNode?> anchors = new(StringComparer.Ordinal);
    private Dictionary<string, YamlPlace> places = new(StringComparer.Ordinal);
    private int nodes;

    private YamlReader(string text) => (parser, lines) = (new Parser(new StringReader(text)), text.Split('\n'));

    /// <summary>All documents of the text; none when it is empty.</summary>
    /// <exception cref="YamlFormatException">It is not YAML, or cannot be JSON.</exception>
    public static IReadOnlyList<YamlDocument> ReadAll(string text)
    {
        var reader = new YamlReader(text.TrimStart('\uFEFF'));
        try
        {
            return reader.Documents();
        }
        catch (YamlException e)
        {
            throw new YamlFormatException(Plain(e), (int)Math.Max(1, e.Start.Line), (int)Math.Max(1, e.Start.Column));
        }
        catch (InvalidOperationException)
        {
            // The scanner's own answer to some brackets that are never closed.
            var last = reader.parser.Current?.End ?? default;
            throw new YamlFormatException("A bracket or a quotation mark that is opened here or above is never closed.", (int)Math.Max(1, last.Line), (int)Math.Max(1, last.Column));
        }
    }

    private List<YamlDocument> Documents()
    {
        var documents = new List<YamlDocument>();
        parser.Consume<StreamStart>();
        while (parser.Accept<DocumentStart>(out _))
        {
            parser.Consume<DocumentStart>();
            anchors.Clear();
            places = new Dictionary<string, YamlPlace>(StringComparer.Ordinal);
            var root = Node("", 0);
            parser.Consume<DocumentEnd>();
            // A file that ends with --- has an empty last document.
            if (root is not null) documents.Add(new YamlDocument(root, places));
        }
        return documents;
    }

    private JsonNode? Node(string pointer, int depth)
    {
        if (parser.Accept<AnchorAlias>(out var alias))
        {
            parser.MoveNext();
            if (!anchors.TryGetValue(alias.Value.Value, out var known)) throw At($"There is no anchor &{alias.Value.Value} above.", alias);
            places[pointer] = PlaceOf(alias);
            Count(alias, known);
            return known?.DeepClone();
        }
        if (!parser.Accept<NodeEvent>(out var start)) throw At("A value is expected here.", parser.Current!);
        if (depth > MaxDepth) throw At($"It is nested more than {MaxDepth} levels deep.", start);
        Count(start, null);
        places.TryAdd(pointer, PlaceOf(start));
        var node = start switch
        {
            MappingStart => Mapping(pointer, depth),
            SequenceStart => Sequence(pointer, depth),
            _ => Scalar(parser.Consume<Scalar>()),
        };
        if (!start.Anchor.IsEmpty) anchors[start.Anchor.Value] = node;
        return node;
    }

    private JsonObject Mapping(string pointer, int depth)
    {
        parser.Consume<MappingStart>();
        var result = new JsonObject();
        var merged = new List<JsonNode?>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var key)) throw At("Only text can be a key here.", parser.Current!);
            if (key is { Value: "<<", IsPlainImplicit: true, Style: ScalarStyle.Plain })
            {
                merged.Add(Node(pointer + "/<<", depth + 1));
                continue;
            }
            if (result.ContainsKey(key.Value)) throw At($"The key '{key.Value}' stands here twice.", key);
            result[key.Value] = Node(pointer + "/" + Escape(key.Value), depth + 1);
        }
        foreach (var source in merged.SelectMany(m => m is JsonArray many ? many.AsEnumerable() : [m])) Merge(result, source);
        return result;
    }

    private static void Merge(JsonObject target, JsonNode? source)
    {
        if (source is not JsonObject values) return;
        foreach (var (name, value) in values)
        {
            if (!target.ContainsKey(name)) target[name] = value?.DeepClone();
        }
    }

    private JsonArray Sequence(string pointer, int depth)
    {
        parser.Consume<SequenceStart>();
        var result = new JsonArray();
        while (!parser.TryConsume<SequenceEnd>(out _)) result.Add(Node($"{pointer}/{result.Count}", depth + 1));
        return result;
    }

    private static JsonNode? Scalar(Scalar scalar) => scalar.Tag switch
    {
        { IsEmpty: false } tag when tag.Value is "tag:yaml.org,2002:str" or "!" => JsonValue.Create(scalar.Value),
        _ when scalar.Style == ScalarStyle.Plain => YamlScalars.Read(scalar.Value),
        _ => JsonValue.Create(scalar.Value),
    };

    private YamlPlace PlaceOf(ParsingEvent at)
    {
        var (line, column) = ((int)at.Start.Line, (int)at.Start.Column);
        if (at is not Scalar { Style: not ScalarStyle.Plain } scalar) return new YamlPlace(line, column);
        if (scalar.Style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted) return new YamlPlace(line, column + 1);
        var first = lines.Skip(line).FirstOrDefault(l => l.Trim().Length > 0) ?? "";
        return new YamlPlace(line, column, IsBlock: true, first.Length - first.TrimStart(' ').Length);
    }

    private void Count(ParsingEvent at, JsonNode? copied)
    {
        nodes += 1 + (copied is null ? 0 : Size(copied));
        if (nodes > MaxNodes) throw At($"The file has more than {MaxNodes} values.", at);
    }

    private static int Size(JsonNode node) => 1 + node switch
    {
        JsonObject o => o.Sum(p => p.Value is null ? 1 : Size(p.Value)),
        JsonArray a => a.Sum(i => i is null ? 1 : Size(i)),
        _ => 0,
    };

    private static string Escape(string token) => token.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static YamlFormatException At(string message, ParsingEvent at) => new(message, (int)at.Start.Line, (int)at.Start.Column);

    private static string Plain(YamlException e)
    {
        var message = (e.InnerException as YamlException ?? e).Message;
        return message.EndsWith('.') ? message : message + ".";
    }
}
