using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Core.Schema;

namespace Portal.Core.GoldenPaths.Forms;

/// <summary>What Backstage's special fields ask of their value beyond the schema.</summary>
internal static partial class FieldRules
{
    /// <summary>Null when the value is fine or absent, else what it must be.</summary>
    public static string? Check(FormField field) => (field.Field, field.Value) switch
    {
        ("EntityNamePicker", not null) => EntityName(field.Value),
        ("RepoUrlPicker", not null) => RepoUrl(field.Value, field.UiOptions),
        ("EntityTagsPicker", JsonArray tags) => tags.All(
            tag => JsonKinds.TextOrNull(tag) is { Length: <= 63 } text && Tag().IsMatch(text))
            ? null
            : "must have only tags of lower-case letters, digits, '+' and '#', in parts joined by '-' or ':', at most 63 characters each",
        _ => null,
    };

    private static string? EntityName(JsonNode value)
        => JsonKinds.TextOrNull(value) is { Length: <= 63 } text && Name().IsMatch(text)
            ? null
            : "must start and end with a letter or digit, have only letters, digits, '-', '_' and '.', and be at most 63 characters";

    /// <summary><c>github.com?owner=team&amp;repo=name</c>, as the picker writes it.</summary>
    private static string? RepoUrl(JsonNode value, JsonObject options)
    {
        if (JsonKinds.TextOrNull(value) is not { } text) return null;

        var question = text.IndexOf('?');
        var host = question < 0 ? text : text[..question];
        var query = Query(question < 0 ? "" : text[(question + 1)..]);
        if (host.Length == 0 || host.Contains('/')) return "must name a host first: host?owner=…&repo=…";

        if (!query.ContainsKey("repo")) return "must name a repository";

        if (!query.ContainsKey("owner") && !query.ContainsKey("organization") && !query.ContainsKey("workspace")
            && !query.ContainsKey("project"))
        {
            return "must name the owner of the repository";
        }

        return NotAllowed(options["allowedHosts"], host, "the host")
            ?? NotAllowed(options["allowedOwners"], query.GetValueOrDefault("owner"), "the owner")
            ?? NotAllowed(options["allowedOrganizations"], query.GetValueOrDefault("organization"), "the organisation")
            ?? NotAllowed(options["allowedProjects"], query.GetValueOrDefault("project"), "the project")
            ?? NotAllowed(options["allowedRepos"], query.GetValueOrDefault("repo"), "the repository");
    }

    private static string? NotAllowed(JsonNode? allowed, string? value, string what)
    {
        var names = (allowed as JsonArray)?.Select(JsonKinds.TextOrNull).OfType<string>().ToList();
        return names is { Count: > 0 } && value is not null && !names.Contains(value, StringComparer.OrdinalIgnoreCase)
            ? $"must have as {what} one of {string.Join(", ", names)}"
            : null;
    }

    private static Dictionary<string, string> Query(string text)
    {
        var query = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=');
            if (equals > 0 && equals < part.Length - 1)
            {
                query[Uri.UnescapeDataString(part[..equals])] =
                    Uri.UnescapeDataString(part[(equals + 1)..].Replace('+', ' '));
            }
        }

        return query;
    }

    [GeneratedRegex(@"^[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?\z", RegexOptions.None, 1000)]
    private static partial Regex Name();

    [GeneratedRegex(@"^[a-z0-9+#]+(?:[-:][a-z0-9+#]+)*\z", RegexOptions.None, 1000)]
    private static partial Regex Tag();
}
