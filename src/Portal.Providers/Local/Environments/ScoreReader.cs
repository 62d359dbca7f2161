using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.Local.Environments;

/// <summary>
/// Reads <c>score.yaml</c> (https://docs.score.dev, <c>score.dev/v1b1</c>). What a local process cannot have is an error that names the
/// line and what to change, never ignored.
/// </summary>
internal sealed partial class ScoreReader
{
    public const string FileName = "score.yaml";
    public const string ApiVersion = "score.dev/v1b1";

    private readonly YamlDocument document;

    private ScoreReader(YamlDocument document) => this.document = document;

    /// <exception cref="ProviderException">Invalid, code <c>score-invalid</c>.</exception>
    public static ScoreWorkload Read(byte[] file, EnvironmentSize size)
    {
        try
        {
            var documents = Yaml.Parse(Encoding.UTF8.GetString(file));
            if (documents is not [{ Root: JsonObject root } document])
                throw ProviderException.Invalid("score-invalid", $"{FileName} must hold one document with apiVersion, metadata and containers.");
            return new ScoreReader(document).Workload(root, size);
        }
        catch (YamlFormatException e)
        {
            throw new ProviderException(Error.Invalid("score-invalid", $"{FileName} line {e.Line}, column {e.Column}: {e.Message}"), e);
        }
    }

    private ScoreWorkload Workload(JsonObject root, EnvironmentSize size)
    {
        if (Text(root["apiVersion"], "/apiVersion") is not ApiVersion)
            throw Wrong("/apiVersion", $"apiVersion must be {ApiVersion}.");
        var name = Text((root["metadata"] as JsonObject)?["name"], "/metadata/name") ?? throw Wrong("/metadata", "metadata.name is missing: give the workload a name.");
        if (root["containers"] is not JsonObject { Count: > 0 } containers)
            throw Wrong("/containers", "containers is missing or empty: describe the container that runs the service.");
        var (key, node) = containers.First();
        var at = $"/containers/{key}";
        var container = node as JsonObject ?? throw Wrong(at, $"containers.{key} must be a mapping.");
        foreach (var part in (string[])["files", "volumes"])
            if (container[part] is JsonObject { Count: > 0 } or JsonArray { Count: > 0 })
                throw Wrong($"{at}/{part}", $"containers.{key}.{part} cannot be provided by a local environment: put the files into the artifact, or keep data below $HOME.");
        var command = List(container["command"], $"{at}/command");
        if (command.Count == 0)
            throw Wrong(at, $"containers.{key}.command is missing. A local environment starts the artifact without its image, so say what starts it, e.g. command: [node, src/main.js].");
        return new ScoreWorkload(
            name, key, [.. containers.Skip(1).Select(c => c.Key)], [.. command, .. List(container["args"], $"{at}/args")],
            Variables(container["variables"] as JsonObject, $"{at}/variables", root, name),
            Probe(container, "readinessProbe", at), Probe(container, "livenessProbe", at), Memory(container, at, size));
    }

    private Dictionary<string, string> Variables(JsonObject? variables, string at, JsonObject root, string name)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in variables ?? [])
        {
            if (!VariableName().IsMatch(key)) throw Wrong($"{at}/{key}", $"'{key}' cannot be the name of a variable: use letters, digits and underscore.");
            var text = value is null ? "" : Text(value, $"{at}/{key}")!;
            result[key] = Placeholder().Replace(text, match => match.Value == "$$" ? "$" : Resolve(match.Groups[1].Value, $"{at}/{key}", root, name));
        }
        return result;
    }

    private string Resolve(string expression, string at, JsonObject root, string name)
    {
        if (expression == "metadata.name") return name;
        var parts = expression.Split('.');
        if (parts is ["metadata", ..] && Walk(root["metadata"], parts[1..]) is { } found) return found;
        if (parts is not ["resources", var resource, ..]) throw Wrong(at, $"${{{expression}}} names nothing: ${{metadata.name}} and ${{resources.NAME.OUTPUT}} can stand here.");
        if (root["resources"]?[resource] is not JsonObject declared)
            throw Wrong(at, $"${{{expression}}} names the resource {resource}, which is not declared under resources.");
        throw Wrong(at, $"${{{expression}}}: a local environment provides no resource of type {declared["type"] ?? "unknown"}. "
            + "Give the variable a value that works without it, or use another provider for this environment.");
    }

    private static string? Walk(JsonNode? node, string[] path)
    {
        foreach (var part in path) node = (node as JsonObject)?[part];
        return node is JsonValue value ? value.ToString() : null;
    }

    private ScoreProbe? Probe(JsonObject container, string name, string at)
    {
        at = $"{at}/{name}";
        if (container[name] is not { } node) return null;
        if (node is not JsonObject { } probe || probe["httpGet"] is not JsonObject http)
            throw Wrong(at, $"{name} must have httpGet: a local environment checks by HTTP only.");
        if (http["scheme"] is { } scheme && !scheme.ToString().Equals("HTTP", StringComparison.OrdinalIgnoreCase))
            throw Wrong($"{at}/httpGet/scheme", $"{name} asks for {scheme}: a local environment is checked by HTTP only.");
        var path = Text(http["path"], $"{at}/httpGet/path") ?? throw Wrong($"{at}/httpGet", $"{name}.httpGet.path is missing.");
        if (!path.StartsWith('/')) throw Wrong($"{at}/httpGet/path", $"{name}.httpGet.path must start with a slash.");
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var header in (http["httpHeaders"] as JsonArray ?? []).OfType<JsonObject>())
            headers[header["name"]?.ToString() ?? ""] = header["value"]?.ToString() ?? "";
        return new ScoreProbe(path, headers);
    }

    private int? Memory(JsonObject container, string at, EnvironmentSize size)
    {
        var resources = container["resources"] as JsonObject;
        if (MiB(resources, "requests", at) is { } needed && needed > size.MemoryMiB)
            throw Wrong($"{at}/resources/requests/memory", $"the service asks for {needed} MiB and size {size.Name} has {size.MemoryMiB} MiB: choose a larger size or ask for less.");
        return MiB(resources, "limits", at);
    }

    private int? MiB(JsonObject? resources, string part, string at)
    {
        at = $"{at}/resources/{part}/memory";
        if (Text((resources?[part] as JsonObject)?["memory"], at) is not { } text) return null;
        var match = Quantity().Match(text);
        if (!match.Success) throw Wrong(at, $"'{text}' is no amount of memory: write it like 256Mi or 1G.");
        var bytes = decimal.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * match.Groups[2].Value switch
        {
            "" => 1m, "k" => 1e3m, "M" => 1e6m, "G" => 1e9m, "Ki" => 1024m, "Mi" => 1048576m, _ => 1073741824m,
        };
        return (int)Math.Min(int.MaxValue, Math.Max(1, bytes / 1048576m));
    }

    private List<string> List(JsonNode? node, string at)
    {
        if (node is null) return [];
        if (node is not JsonArray items) throw Wrong(at, $"{at[(at.LastIndexOf('/') + 1)..]} must be a list, e.g. [node, src/main.js].");
        return [.. items.Select((item, i) => Text(item, $"{at}/{i}") ?? throw Wrong($"{at}/{i}", "an empty entry."))];
    }

    private string? Text(JsonNode? node, string at) => node switch
    {
        null => null,
        JsonValue value => value.ToString(),
        _ => throw Wrong(at, "text is expected here."),
    };

    private ProviderException Wrong(string pointer, string message) =>
        ProviderException.Invalid("score-invalid", $"{FileName} line {document.LineOf(pointer)}: {message}");

    [GeneratedRegex(@"\$\$|\$\{([^}]*)\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex VariableName();

    [GeneratedRegex(@"^([0-9]{1,12}(?:\.[0-9]{1,6})?)(k|M|G|Ki|Mi|Gi|)\z")]
    private static partial Regex Quantity();
}
