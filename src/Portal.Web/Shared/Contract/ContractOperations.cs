using System.Text.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Portal.Web.Shared.Contract;

/// <summary>
/// Parameters as one writes them, with what those mean that many operations have; the example of a body; when to come
/// back.
/// </summary>
internal static class ContractOperations
{
    private static readonly string[] ForNow = ["429", "503"];

    private static readonly Dictionary<string, string> Meanings = new(StringComparer.Ordinal)
    {
        ["offset"] = "How many items to leave out; 0 when absent.",
        ["limit"] = "How many items to give, from 1; more than the most that one answer holds is read as that.",
        ["after"] = "Only what comes after this number; all when absent.",
        ["ns"] = "The namespace.",
    };

    public static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context,
        CancellationToken cancellation)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? []) Describe(parameter, context);
        var example = context.Description.ActionDescriptor.EndpointMetadata.OfType<BodyExample>().LastOrDefault();
        if (operation.RequestBody is OpenApiRequestBody body) Describe(body, example);
        operation.Responses = InOrder(operation.Responses!);
        foreach (var (status, response) in operation.Responses) Describe(status, response);
        return Task.CompletedTask;
    }

    private static void Describe(OpenApiParameter parameter, OpenApiOperationTransformerContext context)
    {
        var known = context.Description.ParameterDescriptions.FirstOrDefault(p => p.Name == parameter.Name);
        if (known?.ParameterDescriptor is { } read && parameter.Schema is OpenApiSchema schema)
        {
            ContractSchemas.DescribeWord(schema, read.ParameterType);
        }
        parameter.Name = JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!);
        parameter.Description ??= Meanings.GetValueOrDefault(parameter.Name);
    }

    /// <summary>A body that may be left out is said to be optional, rather than to be null.</summary>
    private static void Describe(OpenApiRequestBody body, BodyExample? example)
    {
        foreach (var media in body.Content?.Values.OfType<OpenApiMediaType>() ?? [])
        {
            if (media.Schema?.OneOf is [_, var given]) (media.Schema, body.Required) = (given, false);
            media.Example = example?.Read();
        }
    }

    private static void Describe(string status, IOpenApiResponse response)
    {
        if (response is OpenApiResponse later && ForNow.Contains(status)) later.Headers = RetryAfter();
        // Of an event its data is written as JSON; the rest is the format's own.
        if (response.Content?.TryGetValue("text/event-stream", out var media) == true
            && media.Schema?.Properties is { } members)
        {
            media.Schema = members["data"];
        }
    }

    private static Dictionary<string, IOpenApiHeader> RetryAfter() => new(StringComparer.Ordinal)
    {
        ["Retry-After"] = new OpenApiHeader
        {
            Description = "Seconds until it is worth to ask again.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
        },
    };

    private static OpenApiResponses InOrder(OpenApiResponses responses)
    {
        var sorted = new OpenApiResponses();
        foreach (var (status, response) in responses.OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            sorted.Add(status, response);
        }
        return sorted;
    }
}
