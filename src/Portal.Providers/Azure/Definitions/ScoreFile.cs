using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.Azure.Definitions;

/// <summary>Reads <c>score.yaml</c> (<c>score.dev/v1b1</c>) for a container in Azure. What it cannot have is an error that names the line, never ignored.</summary>
internal sealed partial class ScoreFile
{
    public const string FileName = "score.yaml";

    private readonly YamlDocument document;

    private ScoreFile(YamlDocument document) => this.document = document;

    /// <exception cref="ProviderException">Invalid, code <c>score-invalid</c>.</exception>
    public static ScoreContainer Read(string text, EnvironmentSize size)
    {
        try
        {
            return Yaml.Parse(text) is [{ Root: JsonObject root } document]
                ? new ScoreFile(document).Container(root, size)
                : throw ProviderException.Invalid("score-invalid", $"{FileName} must hold one document with apiVersion, metadata and containers.");
        }
        catch (YamlFormatException e)
        {
            throw new ProviderException(Error.Invalid("score-invalid", $"{FileName} line {e.Line}, column {e.Column}: {e.Message}"), e);
        }
    }

    private ScoreContainer Container(JsonObject root, EnvironmentSize size)
    {
        if (root["apiVersion"]?.ToString() is not "score.dev/v1b1") throw Wrong("/apiVersion", "apiVersion must be score.dev/v1b1.");
        var name = Text((root["metadata"] as JsonObject)?["name"], "/metadata/name") ?? throw Wrong("/metadata", "metadata.name is missing: give the workload a name.");
        if (root["containers"] is not JsonObject { Count: > 0 } containers) throw Wrong("/containers", "containers is missing or empty: describe the container that runs the service.");
        if (containers.Count > 1) throw Wrong($"/containers/{containers.ElementAt(1).Key}", "more than one container: this environment runs one; put the others into workloads of their own.");
        var (key, node) = containers.First();
        var at = $"/containers/{key}";
        var container = node as JsonObject ?? throw Wrong(at, $"containers.{key} must be a mapping.");
        foreach (var part in (string[])["files", "volumes"])
            if (container[part] is JsonObject { Count: > 0 } or JsonArray { Count: > 0 }) throw Wrong($"{at}/{part}", $"containers.{key}.{part} cannot be had here: put the files into the image.");
        Fits(container, at, size);
        var (readiness, liveness) = (Check(container, "readinessProbe", at), Check(container, "livenessProbe", at));
        return new ScoreContainer(
            name, List(container["command"], $"{at}/command"), List(container["args"], $"{at}/args"), Variables(container["variables"] as JsonObject, $"{at}/variables", root, name),
            Port(root) ?? readiness?.Port ?? liveness?.Port ?? ScoreContainer.DefaultPort, readiness, liveness);
    }

    private int? Port(JsonObject root)
    {
        if ((root["service"] as JsonObject)?["ports"] is not JsonObject { Count: > 0 } ports) return null;
        if (ports.Count > 1) throw Wrong($"/service/ports/{ports.ElementAt(1).Key}", "more than one port: this environment serves one.");
        var (name, node) = ports.First();
        var port = node as JsonObject;
        var at = $"/service/ports/{name}";
        if (port?["protocol"] is { } protocol && !protocol.ToString().Equals("TCP", StringComparison.OrdinalIgnoreCase)) throw Wrong($"{at}/protocol", $"{protocol} cannot be had here: only TCP.");
        return Number(port?["targetPort"] ?? port?["port"], at) ?? throw Wrong(at, "port is missing.");
    }

    private void Fits(JsonObject container, string at, EnvironmentSize size)
    {
        var requests = (container["resources"] as JsonObject)?["requests"] as JsonObject;
        at += "/resources/requests";
        if (Text(requests?["memory"], $"{at}/memory") is { } memory)
        {
            var needed = Quantity.MiB(memory) ?? throw Wrong($"{at}/memory", $"'{memory}' is no amount of memory: write it like 256Mi or 1G.");
            if (needed > size.MemoryMiB) throw Wrong($"{at}/memory", $"the service asks for {needed} MiB and size {size.Name} has {size.MemoryMiB} MiB: choose a larger size or ask for less.");
        }
        if (Text(requests?["cpu"], $"{at}/cpu") is not { } cpu) return;
        var cores = Quantity.Cores(cpu) ?? throw Wrong($"{at}/cpu", $"'{cpu}' is no amount of processors: write it like 250m or 0.5.");
        if (cores > size.Cpu) throw Wrong($"{at}/cpu", FormattableString.Invariant($"the service asks for {cores:0.###} cores and size {size.Name} has {size.Cpu:0.###}: choose a larger size or ask for less."));
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
        if (expression.StartsWith("metadata.", StringComparison.Ordinal) && Walk(root, expression.Split('.')) is { } found) return found;
        throw Wrong(at, expression.StartsWith("resources.", StringComparison.Ordinal)
            ? $"${{{expression}}}: this provider binds no Score resources. Read what the environment definition sets itself (its README, e.g. PGHOST), or give the variable a value."
            : $"${{{expression}}} names nothing: ${{metadata.name}} can stand here.");
    }

    private static string? Walk(JsonNode? node, string[] path)
    {
        foreach (var part in path) node = (node as JsonObject)?[part];
        return node is JsonValue value ? value.ToString() : null;
    }

    private ScoreCheck? Check(JsonObject container, string name, string at)
    {
        if (container[name] is not { } node) return null;
        at = $"{at}/{name}";
        if ((node as JsonObject)?["httpGet"] is not JsonObject http) throw Wrong(at, $"{name} must have httpGet: checks here are by HTTP.");
        var path = Text(http["path"], $"{at}/httpGet/path") ?? throw Wrong($"{at}/httpGet", $"{name}.httpGet.path is missing.");
        if (!path.StartsWith('/')) throw Wrong($"{at}/httpGet/path", $"{name}.httpGet.path must start with a slash.");
        var scheme = Text(http["scheme"], $"{at}/httpGet/scheme")?.ToUpperInvariant() ?? "HTTP";
        if (scheme is not ("HTTP" or "HTTPS")) throw Wrong($"{at}/httpGet/scheme", $"'{scheme}' is no scheme: HTTP or HTTPS.");
        var headers = (http["httpHeaders"] as JsonArray ?? []).OfType<JsonObject>().Select(h => (h["name"]?.ToString() ?? "", h["value"]?.ToString() ?? ""));
        return new ScoreCheck(path, Number(http["port"], $"{at}/httpGet/port"), scheme, [.. headers]);
    }

    private int? Number(JsonNode? node, string at) => Text(node, at) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 65535 ? number
        : throw Wrong(at, $"'{text}' is no port: give 1 to 65535.");

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

    private ProviderException Wrong(string pointer, string message) => ProviderException.Invalid("score-invalid", $"{FileName} line {document.LineOf(pointer)}: {message}");

    [GeneratedRegex(@"\$\$|\$\{([^}]*)\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex VariableName();
}
