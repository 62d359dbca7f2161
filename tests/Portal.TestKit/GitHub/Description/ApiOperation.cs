using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Core.Schema;

namespace Portal.TestKit.GitHub.Description;

/// <summary>One method of one path, as GitHub describes it.</summary>
internal sealed partial class ApiOperation
{
    /// <summary>Names of branches have slashes too, which GitHub takes as they are.</summary>
    private static readonly string[] AlsoWithSlashes = ["ref", "branch", "path"];

    private readonly JsonObject components;
    private readonly JsonObject source;
    private readonly Regex pattern;
    private readonly Lazy<JsonSchema?> body;
    private readonly Dictionary<string, JsonSchema?> answers = new(StringComparer.Ordinal);

    public ApiOperation(
        string method, string path, JsonObject source, IReadOnlyList<ApiParameter> parameters, JsonObject components)
    {
        (Name, Method, this.source, this.components, Parameters) =
            ($"{method} {path}", method, source, components, parameters);
        Literals = path.Split('/').Count(part => !part.Contains('{'));
        pattern = new Regex("^" + Placeholder().Replace(path, Expression) + @"\z", RegexOptions.CultureInvariant);
        body = new(() => Schema(source["requestBody"], closed: true));
    }

    /// <summary>Such as <c>POST /orgs/{org}/repos</c>: also its name for faults and counts.</summary>
    public string Name { get; }

    public string Method { get; }

    /// <summary>How many parts of the path are fixed: of two that match, the one with more is meant.</summary>
    public int Literals { get; }

    public IReadOnlyList<ApiParameter> Parameters { get; }

    public bool IsForApps => (bool?)source["x-github"]?["enabledForGitHubApps"] == true;

    public JsonSchema? Body => body.Value;

    public bool NeedsBody => (bool?)source["requestBody"]?["required"] == true;

    /// <summary>The values of the path's places, decoded; null when it is another path.</summary>
    public IReadOnlyDictionary<string, string>? Match(string path) => pattern.Match(path) is { Success: true } match
        ? match.Groups.Values.Skip(1).ToDictionary(
            group => group.Name, group => Uri.UnescapeDataString(group.Value), StringComparer.Ordinal)
        : null;

    public bool HasAnswer(int status) => source["responses"]?[status.ToString()] is not null;

    /// <summary>What an answer with this status looks like; null when nothing is said.</summary>
    public JsonSchema? Answer(int status)
    {
        lock (answers)
        {
            var key = status.ToString();
            if (!answers.TryGetValue(key, out var schema))
            {
                answers[key] = schema = Schema(source["responses"]?[key], closed: false);
            }
            return schema;
        }
    }

    private JsonSchema? Schema(JsonNode? holder, bool closed) =>
        holder?["content"]?["application/json"]?["schema"] is { } schema
            ? OpenApiSchema.Compile(schema, components, closed)
            : null;

    private string Expression(Match place)
    {
        var name = place.Groups[1].Value;
        var many = AlsoWithSlashes.Contains(name) || Parameters.Any(p => p.Name == name && p.MayHaveSlashes);
        return $"(?<{name}>{(name == "path" ? ".*?" : many ? ".+?" : "[^/]+")})";
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Placeholder();
}
