using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Portal.TestKit.GitHub.Description;

/// <summary>Says in which ways a request differs from what GitHub describes.</summary>
internal static class RequestCheck
{
    public static IReadOnlyList<string> Violations(
        ApiOperation operation, IReadOnlyDictionary<string, string> path, HttpRequest request, byte[] body) =>
    [
        .. operation.Parameters.Where(p => p.InPath && path.ContainsKey(p.Name))
        .SelectMany(p => p.Violations(path[p.Name])),
        .. Query(operation, request.Query),
        .. Body(operation, request, body),
    ];

    private static IEnumerable<string> Query(ApiOperation operation, IQueryCollection query)
    {
        foreach (var (name, values) in query)
        {
            if (operation.Parameters.FirstOrDefault(p => p.InQuery && p.Name == name) is not { } known)
            {
                yield return $"parameter {name} is unknown";
                continue;
            }
            foreach (var violation in values.SelectMany(value => known.Violations(value ?? ""))) yield return violation;
        }
        foreach (var missing in operation.Parameters.Where(p => p.InQuery && p.IsRequired
            && !query.ContainsKey(p.Name))) yield return $"parameter {missing.Name} is missing";
    }

    private static IReadOnlyList<string> Body(ApiOperation operation, HttpRequest request, byte[] body)
    {
        if (body.Length == 0) return operation.NeedsBody ? ["the body is missing"] : [];
        if (operation.Body is not { } schema)
        {
            return body.AsSpan().Trim("{} \r\n"u8).Length == 0 ? [] : ["has a body where none is described"];
        }
        if (request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) != true)
        {
            return [$"the body is said to be {request.ContentType ?? "nothing"}, not application/json"];
        }
        try
        {
            return [.. schema.Validate(JsonNode.Parse(body)).Select(error =>
                $"body{error.InstancePath} {error.Message}{(error.Property is null ? "" : $" ({error.Property})")}")];
        }
        catch (JsonException)
        {
            return ["the body is not JSON"];
        }
    }
}
