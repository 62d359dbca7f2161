using Microsoft.OpenApi;

namespace Portal.Web.Shared.Contract;

/// <summary>
/// An answer holds all members of its record; of a body those may be left out that may be null. The framework goes by
/// the record alone.
/// </summary>
internal static class RequiredMembers
{
    /// <summary>Those that are not named are always there.</summary>
    private static readonly string[] ProblemHas = ["type", "title", "status"];

    public static void Set(OpenApiDocument document)
    {
        var schemas = document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>();
        var asked = document.Paths.Values.SelectMany(p => p.Operations ?? [])
            .SelectMany(o => o.Value.RequestBody?.Content?.Values ?? [])
            .Select(m => (m.Schema as OpenApiSchemaReference)?.Reference.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, schema) in schemas)
        {
            if (schema is not OpenApiSchema { Properties: { } members } record) continue;
            IEnumerable<string> required = name == "Problem" ? ProblemHas
                : asked.Contains(name) ? (record.Required ?? new HashSet<string>()).Where(m => !MayBeNull(members[m]))
                : members.Keys;
            record.Required = required.ToHashSet(StringComparer.Ordinal);
        }
    }

    private static bool MayBeNull(IOpenApiSchema schema) =>
        schema.Type?.HasFlag(JsonSchemaType.Null) == true
        || schema.OneOf?.Any(s => s.Type == JsonSchemaType.Null) == true;
}
