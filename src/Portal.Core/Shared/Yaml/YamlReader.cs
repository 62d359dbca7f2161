using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Portal.Core.Shared;

/// <summary>
/// Reads YAML as JSON, by the core schema of YAML 1.2 with merge keys, and remembers where each value stands. Duplicate
/// keys are errors.
/// </summary>
internal sealed class YamlReader
{
    private readonly BoundedYamlParser parser;
    private readonly string text;
    private readonly string[] lines;
    private readonly Dictionary<string, JsonNode?> anchors = new(StringComparer.Ordinal);

    private YamlReader(string text, YamlLimits limits) =>
        (this.text, parser, lines) = (text, new BoundedYamlParser(text, limits), text.Split('\n'));

    /// <summary>All documents of the text, one after the other; none when it is empty.</summary>
    /// <exception cref="YamlFormatException">It is not YAML, or cannot be JSON.</exception>
    public static IEnumerable<YamlDocument> Read(string text, YamlLimits limits)
    {
        if (limits.TooLarge(text) is { } tooLarge) throw new YamlFormatException($"{tooLarge}.", 1, 1);
        var reader = new YamlReader(text, limits);
        while (reader.Next() is { } document) yield return document;
    }

    /// <summary>Null at the end. A file that ends with --- has an empty last document, which is none.</summary>
    private YamlDocument? Next()
    {
        try
        {
            parser.TryConsume<StreamStart>(out _);
            while (parser.Accept<DocumentStart>(out _))
            {
                if (Document() is { Root: not null } document) return document;
            }
            return null;
        }
        catch (YamlException e)
        {
            throw new YamlFormatException(Plain(e), (int)Math.Max(1, e.Start.Line), (int)Math.Max(1, e.Start.Column));
        }
        catch (InvalidOperationException)
        {
            // The scanner's own answer to some brackets that are never closed.
            var last = parser.Current?.End ?? default;
            throw new YamlFormatException(
                "A bracket or a quotation mark that is opened here or above is never closed.",
                (int)Math.Max(1, last.Line), (int)Math.Max(1, last.Column));
        }
    }

    private YamlDocument Document()
    {
        var start = parser.Consume<DocumentStart>();
        anchors.Clear();
        var root = Node(out var places);
        parser.Consume<DocumentEnd>();
        var end = parser.Accept<DocumentStart>(out var next) ? (int)next.Start.Index : text.Length;
        return new YamlDocument(root, places) { Extent = Extent(start.IsImplicit ? 0 : (int)start.End.Index, end) };
    }

    /// <summary>From the line after <c>---</c>, unless the document begins on that line itself.</summary>
    private YamlExtent Extent(int from, int to)
    {
        var line = text.IndexOf('\n', from, to - from);
        if (from > 0 && line >= 0 && text.AsSpan(from, line - from).Trim().IsEmpty) from = line + 1;
        return new YamlExtent(from, to - from);
    }

    private JsonNode? Node(out YamlPlaces places)
    {
        if (parser.Accept<AnchorAlias>(out var alias))
        {
            parser.MoveNext();
            places = new YamlPlaces { Place = PlaceOf(alias) };
            return anchors[alias.Value.Value]?.DeepClone();
        }
        if (!parser.Accept<NodeEvent>(out var start)) throw At("A value is expected here.", parser.Current!);
        places = new YamlPlaces { Place = PlaceOf(start) };
        var node = start switch
        {
            MappingStart => Mapping(places),
            SequenceStart => Sequence(places),
            _ => Scalar(parser.Consume<Scalar>()),
        };
        if (!start.Anchor.IsEmpty) anchors[start.Anchor.Value] = node;
        return node;
    }

    private JsonObject Mapping(YamlPlaces places)
    {
        parser.Consume<MappingStart>();
        var result = new JsonObject();
        var merged = new List<JsonNode?>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var key)) throw At("Only text can be a key here.", parser.Current!);
            var isMerge = key is { Value: "<<", IsPlainImplicit: true, Style: ScalarStyle.Plain };
            if (!isMerge && result.ContainsKey(key.Value))
            {
                throw At($"The key '{Words.Short(key.Value)}' stands here twice.", key);
            }
            var value = Node(out var place);
            places.Add(key.Value, place);
            if (isMerge) merged.Add(value);
            else result[key.Value] = value;
        }
        foreach (var source in merged.SelectMany(m => m is JsonArray many ? many.AsEnumerable() : [m]))
        {
            Merge(result, source);
        }
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

    private JsonArray Sequence(YamlPlaces places)
    {
        parser.Consume<SequenceStart>();
        var result = new JsonArray();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            result.Add(Node(out var place));
            places.Add(place);
        }
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
        if (scalar.Style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted)
        {
            return new YamlPlace(line, column + 1);
        }
        var first = lines.Skip(line).FirstOrDefault(l => l.Trim().Length > 0) ?? "";
        return new YamlPlace(line, column, IsBlock: true, first.Length - first.TrimStart(' ').Length);
    }

    private static YamlFormatException At(string message, ParsingEvent at) =>
        new(message, (int)at.Start.Line, (int)at.Start.Column);

    private static string Plain(YamlException e)
    {
        var message = (e.InnerException as YamlException ?? e).Message;
        return message.EndsWith('.') ? message : message + ".";
    }
}
