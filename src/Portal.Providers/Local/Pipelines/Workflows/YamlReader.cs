using Portal.Core.Shared;
using Portal.Providers.Local.Pipelines.Expressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Portal.Providers.Local.Pipelines.Workflows;

/// <summary>Reads YAML nodes with the place of each mistake.</summary>
internal sealed class YamlReader(string file)
{
    public const int MaxBytes = 1 << 20;

    /// <summary>Values of one list or mapping: variables, inputs, outputs.</summary>
    private const int MaxItems = 1_000;

    private static readonly YamlLimits Limits = new(MaxBytes, MaxNodes: 100_000, MaxCopied: 1_000_000);

    public string File => file;

    public YamlMappingNode Parse(string text)
    {
        if (Limits.TooLarge(text) is not null) throw new WorkflowException(file, 0, "the file is larger than 1 MB.");
        var stream = new YamlStream();
        try
        {
            stream.Load(new BoundedYamlParser(text, Limits));
        }
        catch (YamlException error)
        {
            throw new WorkflowException(file, (int)error.Start.Line, $"this is not valid YAML: {error.Message}");
        }

        return stream.Documents is [var document, ..] && document.RootNode is YamlMappingNode root
            ? root
            : throw new WorkflowException(file, 1, "a mapping is expected here (name, on, jobs …).");
    }

    public WorkflowException Wrong(YamlNode at, string message) => new(file, (int)at.Start.Line, message);

    public static YamlNode? Get(YamlMappingNode map, string key)
    {
        foreach (var (name, value) in map.Children)
        {
            if (name is YamlScalarNode { Value: { } text } && text == key) return IsNull(value) ? null : value;
        }

        return null;
    }

    public void AllowOnly(YamlMappingNode map, string what, params ReadOnlySpan<string> keys)
    {
        foreach (var (name, _) in map.Children)
        {
            var text = (name as YamlScalarNode)?.Value ?? "";
            if (!keys.Contains(text))
            {
                throw Wrong(name, $"'{text}' is not known in {what}; known are {string.Join(", ", keys.ToArray())}.");
            }
        }
    }

    public YamlMappingNode Map(YamlNode node, string what) =>
        node as YamlMappingNode ?? throw Wrong(node, $"{what} must be a mapping (name: value).");

    /// <summary>Refuses more than can be meant: each costs again where it is used.</summary>
    public ICollection<T> Few<T>(YamlNode at, ICollection<T> items, string what, int most = MaxItems) =>
        items.Count <= most ? items : throw Wrong(at, $"{what} has more than {most} entries.");

    public SourceText Text(YamlNode node, string what) => node is YamlScalarNode scalar
        ? new SourceText(scalar.Value ?? "", file, (int)node.Start.Line)
        : throw Wrong(node, $"{what} must be a single value.");

    public SourceText? TextOf(YamlMappingNode map, string key) => Get(map, key) is { } node ? Text(node, key) : null;

    /// <summary>A list, or a single value that stands for a list of one.</summary>
    public IReadOnlyList<SourceText>? ListOf(YamlMappingNode map, string key) => Get(map, key) switch
    {
        null => null,
        YamlSequenceNode list => [.. Few(list, list.Children, key).Select(n => Text(n, key))],
        { } single => [Text(single, key)],
    };

    public IReadOnlyDictionary<string, SourceText> MapOf(YamlMappingNode map, string key)
    {
        var made = new Dictionary<string, SourceText>(StringComparer.Ordinal);
        if (Get(map, key) is not { } node) return made;
        foreach (var (name, value) in Few(node, Map(node, key).Children, key))
        {
            made[Text(name, key).Text] = Text(value, $"{key}.{name}");
        }
        return made;
    }

    /// <summary>The value that a node stands for; expressions in it are evaluated.</summary>
    public object? Value(YamlNode node, ExpressionScope scope)
    {
        switch (node)
        {
            case YamlSequenceNode sequence:
                var list = new ExprArray();
                list.AddRange(sequence.Children.Select(n => Value(n, scope)));
                return list;
            case YamlMappingNode map:
                var made = new ExprObject();
                foreach (var (name, value) in map.Children) made[Text(name, "a name").Text] = Value(value, scope);
                return made;
            default:
                var text = Text(node, "a value");
                if (text.HasExpression) return TextTemplate.Evaluate(text, scope);
                return ((YamlScalarNode)node).Style == ScalarStyle.Plain ? Plain(text.Text) : text.Text;
        }
    }

    /// <summary>What unquoted text means in YAML 1.2.</summary>
    public static object? Plain(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        _ when char.IsAsciiDigit(text[^1]) && (char.IsAsciiDigit(text[0]) || text[0] is '-' or '+' or '.')
            && Coercion.ToNumber(text) is var number && !double.IsNaN(number) => number,
        _ => text,
    };

    private static bool IsNull(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain } scalar && Plain(scalar.Value ?? "") is null;
}
