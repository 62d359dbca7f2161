using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Shared;

namespace Portal.Providers.Azure.Definitions;

/// <summary>A YAML file of a definition, read strictly: what is wrong is told with file and line.</summary>
internal sealed class YamlNodes
{
    private readonly string file;
    private readonly YamlDocument document;

    private YamlNodes(string file, YamlDocument document, JsonObject root) =>
        (this.file, this.document, Root) = (file, document, root);

    public JsonObject Root { get; }

    public static YamlNodes Read(string path, string file)
    {
        if (!File.Exists(path)) throw new DefinitionException(file, 1, "the file is missing.");
        try
        {
            return Yaml.Parse(File.ReadAllText(path)) is [{ Root: JsonObject root } document]
                ? new YamlNodes(file, document, root)
                : throw new DefinitionException(file, 1, "one document with keys is expected.");
        }
        catch (YamlFormatException e)
        {
            throw new DefinitionException(file, e.Line, e.Message);
        }
    }

    public DefinitionException Wrong(string pointer, string message) => new(file, document.LineOf(pointer), message);

    public void OnlyKnows(JsonObject node, string pointer, params string[] keys)
    {
        foreach (var (key, _) in node)
        {
            if (!keys.Contains(key, StringComparer.Ordinal))
            {
                throw Wrong($"{pointer}/{key}", $"'{key}' is not known here. Known: {string.Join(", ", keys)}.");
            }
        }
    }

    public string? Text(JsonObject node, string pointer, string key) => node[key] switch
    {
        null => null,
        JsonValue value => value.ToString(),
        _ => throw Wrong($"{pointer}/{key}", $"{key} must be text."),
    };

    public string Required(JsonObject node, string pointer, string key) =>
        Text(node, pointer, key) is { Length: > 0 } text ? text : throw Wrong(pointer, $"{key} is missing.");

    public bool Flag(JsonObject node, string pointer, string key) => node[key] switch
    {
        null => false,
        JsonValue value when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False =>
            value.GetValue<bool>(),
        _ => throw Wrong($"{pointer}/{key}", $"{key} must be true or false."),
    };

    public decimal Number(JsonObject node, string pointer, string key) =>
        decimal.TryParse(Text(node, pointer, key), System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? number : throw Wrong(node[key] is null ? pointer : $"{pointer}/{key}", $"{key} must be a number.");

    public IEnumerable<(JsonObject Node, string Pointer)> Objects(string key)
    {
        if (Root[key] is null) yield break;
        if (Root[key] is not JsonArray items) throw Wrong($"/{key}", $"{key} must be a list.");
        for (var i = 0; i < items.Count; i++)
        {
            yield return (
                items[i] as JsonObject ?? throw Wrong($"/{key}/{i}", $"each entry of {key} must have keys."),
                $"/{key}/{i}");
        }
    }
}
