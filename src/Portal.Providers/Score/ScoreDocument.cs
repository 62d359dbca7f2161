using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.Score;

/// <summary>
/// A <c>score.yaml</c> (https://docs.score.dev, <c>score.dev/v1b1</c>) and what every provider reads of it alike. What
/// a provider cannot have is an error that names the line and what to change, never ignored.
/// </summary>
internal sealed partial class ScoreDocument
{
    public const string FileName = "score.yaml";
    public const string ApiVersion = "score.dev/v1b1";

    private readonly YamlDocument document;

    private ScoreDocument(YamlDocument document, JsonObject root)
    {
        (this.document, Root) = (document, root);
        if (Text(root["apiVersion"], "/apiVersion") is not ApiVersion)
        {
            throw Wrong("/apiVersion", $"apiVersion must be {ApiVersion}.");
        }
        Name = Text((root["metadata"] as JsonObject)?["name"], "/metadata/name")
            ?? throw Wrong("/metadata", "metadata.name is missing: give the workload a name.");
        Containers = root["containers"] is JsonObject { Count: > 0 } containers
            ? containers
            : throw Wrong(
                "/containers", "containers is missing or empty: describe the container that runs the service.");
    }

    /// <summary>Less than what a process can be given.</summary>
    private const int MaxVariables = 1_000_000;

    public JsonObject Root { get; }

    /// <summary><c>metadata.name</c>.</summary>
    public string Name { get; }

    /// <summary>At least one.</summary>
    public JsonObject Containers { get; }

    /// <exception cref="ProviderException">Invalid, code <c>score-invalid</c>.</exception>
    public static ScoreDocument Read(string text)
    {
        try
        {
            return Yaml.Parse(text) is [{ Root: JsonObject root } document]
                ? new ScoreDocument(document, root)
                : throw ProviderException.Invalid(
                    "score-invalid", $"{FileName} must hold one document with apiVersion, metadata and containers.");
        }
        catch (YamlFormatException e)
        {
            throw new ProviderException(Error.Invalid(
                "score-invalid", $"{FileName} line {e.Line}, column {e.Column}: {e.Message}"), e);
        }
    }

    /// <summary>The first container with its key and its place.</summary>
    /// <param name="instead">Where files are put where neither files nor volumes can be had.</param>
    public (string Key, string At, JsonObject Container) First(string instead)
    {
        var (key, node) = Containers.First();
        var at = $"/containers/{key}";
        var container = node as JsonObject ?? throw Wrong(at, $"containers.{key} must be a mapping.");
        foreach (var part in (string[])["files", "volumes"])
        {
            if (container[part] is JsonObject { Count: > 0 } or JsonArray { Count: > 0 })
            {
                throw Wrong($"{at}/{part}", $"containers.{key}.{part} {instead}");
            }
        }
        return (key, at, container);
    }

    /// <summary>The container's variables with their placeholders filled in.</summary>
    /// <param name="resource">
    /// What is wrong with <c>resources.…</c>, or with anything that names nothing; null leaves the general words.
    /// </param>
    public Dictionary<string, string> Variables(JsonObject container, string at, Func<string[], string?> resource)
    {
        at += "/variables";
        var (result, total) = (new Dictionary<string, string>(StringComparer.Ordinal), 0L);
        string Counted(string text, string place) => (total += text.Length) <= MaxVariables
            ? text
            : throw Wrong(
                place,
                $"the variables are longer than {MaxVariables} characters together, their placeholders filled in.");
        foreach (var (key, value) in container["variables"] as JsonObject ?? [])
        {
            if (!VariableName().IsMatch(key))
            {
                throw Wrong(
                    $"{at}/{key}", $"'{key}' cannot be the name of a variable: use letters, digits and underscore.");
            }
            var text = value is null ? "" : Text(value, $"{at}/{key}")!;
            var place = $"{at}/{key}";
            result[key] = Placeholder.Replace(
                Counted(text, place),
                match =>
                    match.Value == "$$" ? "$" : Counted(Resolve(match.Groups["name"].Value, place, resource), place));
        }
        return result;
    }

    /// <summary>The <c>httpGet</c> of a probe and its path; null when there is no such probe.</summary>
    public (JsonObject Http, string Path, string At)? Probe(JsonObject container, string name, string at)
    {
        if (container[name] is not { } node) return null;
        at = $"{at}/{name}";
        if ((node as JsonObject)?["httpGet"] is not JsonObject http)
        {
            throw Wrong(at, $"{name} must have httpGet: checks are by HTTP only.");
        }
        at += "/httpGet";
        var path = Text(http["path"], $"{at}/path") ?? throw Wrong(at, $"{name}.httpGet.path is missing.");
        return path.StartsWith('/')
            ? (http, path, at) : throw Wrong($"{at}/path", $"{name}.httpGet.path must start with a slash.");
    }

    public static IEnumerable<(string Name, string Value)> Headers(JsonObject http) =>
        (http["httpHeaders"] as JsonArray ?? []).OfType<JsonObject>()
            .Select(h => (h["name"]?.ToString() ?? "", h["value"]?.ToString() ?? ""));

    /// <param name="part"><c>requests</c> or <c>limits</c>.</param>
    public int? MemoryMiB(JsonObject container, string at, string part)
    {
        at = $"{at}/resources/{part}/memory";
        return Text(Resources(container, part)?["memory"], at) is not { } text ? null
            : Quantity.MiB(text) ?? throw Wrong(at, $"'{text}' is no amount of memory: write it like 256Mi or 1G.");
    }

    public decimal? Cores(JsonObject container, string at, string part)
    {
        at = $"{at}/resources/{part}/cpu";
        return Text(Resources(container, part)?["cpu"], at) is not { } text ? null
            : Quantity.Cores(text) ?? throw Wrong(
                at, $"'{text}' is no amount of processors: write it like 250m or 0.5.");
    }

    /// <summary>What the service asks for must fit into the size.</summary>
    public void CheckMemory(JsonObject container, string at, EnvironmentSize size)
    {
        if (MemoryMiB(container, at, "requests") is { } needed && needed > size.MemoryMiB)
        {
            throw Wrong(
                $"{at}/resources/requests/memory",
                $"the service asks for {needed} MiB and size {size.Name} has {size.MemoryMiB} MiB: choose a larger "
                + "size or ask for less.");
        }
    }

    public List<string> List(JsonNode? node, string at)
    {
        if (node is null) return [];
        if (node is not JsonArray items)
        {
            throw Wrong(at, $"{at[(at.LastIndexOf('/') + 1)..]} must be a list, e.g. [node, src/main.js].");
        }
        return [.. items.Select((item, i) => Text(item, $"{at}/{i}") ?? throw Wrong($"{at}/{i}", "an empty entry."))];
    }

    public int? Port(JsonNode? node, string at) => Text(node, at) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number is >= 1 and <= 65535 ? number
        : throw Wrong(at, $"'{text}' is no port: give 1 to 65535.");

    public string? Text(JsonNode? node, string at) => node switch
    {
        null => null,
        JsonValue value => value.ToString(),
        _ => throw Wrong(at, "text is expected here."),
    };

    /// <param name="pointer">JSON pointer of the place.</param>
    public ProviderException Wrong(string pointer, string message) =>
        ProviderException.Invalid("score-invalid", $"{FileName} line {document.LineOf(pointer)}: {message}");

    private string Resolve(string expression, string at, Func<string[], string?> resource)
    {
        var parts = expression.Split('.');
        if (parts is ["metadata", ..] && Walk(Root, parts) is { } found) return found;
        throw Wrong(
            at,
            $"${{{expression}}}{(parts is ["resources", _, ..] && resource(parts) is { } words ? words : " names nothing: ${metadata.name} can stand here.")}");
    }

    private static JsonObject? Resources(JsonObject container, string part) =>
        (container["resources"] as JsonObject)?[part] as JsonObject;

    private static string? Walk(JsonNode? node, string[] path)
    {
        foreach (var part in path) node = (node as JsonObject)?[part];
        return node is JsonValue value ? value.ToString() : null;
    }

    /// <summary>A text of openings without an end must not be searched from each of them.</summary>
    private static readonly Regex Placeholder = new(
        @"\$\$|\$\{(?<name>[^}]*)\}",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking,
        TimeSpan.FromSeconds(1));

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex VariableName();
}
