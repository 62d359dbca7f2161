using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Portal.TestKit;

namespace Portal.Web.Tests.Contract;

/// <summary>docs/openapi.json, to be asked for its operations and to judge messages by its schemas.</summary>
internal sealed class ApiDocument
{
    private static readonly EvaluationOptions Strictly = new() { OutputFormat = OutputFormat.List,
        RequireFormatValidation = true };

    private readonly JsonObject document =
        JsonNode.Parse(File.ReadAllText(RepositoryRoot.Combine("docs/openapi.json")))!.AsObject();
    private readonly JsonObject definitions;

    public ApiDocument()
    {
        definitions = Local(document["components"]!["schemas"]!).AsObject();
        // A member that the document does not tell of is a mistake as well.
        foreach (var (_, schema) in definitions)
        {
            if (schema!["properties"] is not null) schema["additionalProperties"] = false;
        }
        Operations =
        [
            .. document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()
                .Select(o => new ApiOperation(o.Key.ToUpperInvariant(), path.Key, o.Value!.AsObject()))),
        ];
    }

    public IReadOnlyList<ApiOperation> Operations { get; }

    public JsonObject Schemas => document["components"]!["schemas"]!.AsObject();

    public ApiOperation Find(string method, string path) => Operations.Where(o => o.Method == method && o.Matches(path))
        .OrderBy(o => o.Path.Count(c => c == '{')).FirstOrDefault()
            ?? throw new InvalidOperationException($"The document has no {method} {path}.");

    /// <summary>What is wrong with it, by JSON pointer; empty when it is as the schema says.</summary>
    public IReadOnlyList<string> Faults(JsonNode schema, JsonNode? message)
    {
        var whole = new JsonObject { ["$defs"] = definitions.DeepClone(), ["allOf"] = new JsonArray(Local(schema)) };
        var found = JsonSchema.FromText(whole.ToJsonString())
            .Evaluate(JsonSerializer.SerializeToElement(message), Strictly);
        return found.IsValid
            ? []
            : [.. (found.Details ?? []).Where(d => d.Errors is { Count: > 0 })
                .SelectMany(d => d.Errors!.Select(e => $"{d.InstanceLocation}: {e.Value}"))];
    }

    /// <summary>The same with references into <c>$defs</c>, as JSON Schema alone has them.</summary>
    private static JsonNode Local(JsonNode schema) =>
        JsonNode.Parse(schema.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal))!;
}

internal sealed record ApiOperation(string Method, string Path, JsonObject Json)
{
    public string? Id => Json["operationId"]?.GetValue<string>();

    public string? Summary => Json["summary"]?.GetValue<string>();

    public JsonObject Responses => Json["responses"]!.AsObject();

    public JsonNode? Body => Json["requestBody"]?["content"]?["application/json"];

    public IEnumerable<string> Successes => Responses.Select(r => r.Key).Where(s => s.StartsWith('2'));

    /// <summary>Of what is answered with a status; null when it has no body.</summary>
    public JsonNode? SchemaOf(string status) =>
        Responses[status]?["content"]?.AsObject().FirstOrDefault().Value?["schema"];

    public bool Matches(string path)
    {
        string[] mine = Path.Split('/'), asked = path.Split('/');
        return mine.Length == asked.Length && mine.Zip(asked).All(p => p.First.StartsWith('{') || p.First == p.Second);
    }

    public override string ToString() => $"{Method} {Path}";
}
