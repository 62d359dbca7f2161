using System.Text.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Portal.Web.Shared.Contract;

/// <summary>Parameters as one writes them, with what those mean that many operations have; the example of a body.</summary>
internal static class ContractOperations
{
    private static readonly Dictionary<string, string> Meanings = new(StringComparer.Ordinal)
    {
        ["offset"] = "How many items to leave out; 0 when absent.",
        ["limit"] = "How many items to give, from 1; more than the most that one answer holds is read as that.",
        ["after"] = "Only what comes after this number; all when absent.",
        ["ns"] = "The namespace.",
    };

    public static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            var read = context.Description.ParameterDescriptions.FirstOrDefault(p => p.Name == parameter.Name)?.ParameterDescriptor?.ParameterType;
            if (read is not null && parameter.Schema is OpenApiSchema schema) ContractSchemas.DescribeWord(schema, read);
            parameter.Name = JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!);
            parameter.Description ??= Meanings.GetValueOrDefault(parameter.Name);
        }
        var example = context.Description.ActionDescriptor.EndpointMetadata.OfType<BodyExample>().LastOrDefault();
        if (operation.RequestBody is OpenApiRequestBody body) Describe(body, example);
        var responses = new OpenApiResponses();
        foreach (var (status, response) in operation.Responses!.OrderBy(r => r.Key, StringComparer.Ordinal)) responses.Add(status, response);
        operation.Responses = responses;
        foreach (var content in responses.Values.Select(r => r.Content))
        {
            // Of an event its data is written as JSON; the rest is the format's own.
            if (content?.TryGetValue("text/event-stream", out var media) == true && media.Schema?.Properties is { } members)
                media.Schema = members["data"];
        }
        return Task.CompletedTask;
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
}
