using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Core.Schema;

namespace Portal.TestKit.GitHub.Description;

/// <summary>A value in the path or the query of a request.</summary>
internal sealed class ApiParameter(JsonObject source, JsonObject components)
{
    private readonly Lazy<JsonSchema> schema =
        new(() => OpenApiSchema.Compile(source["schema"]!, components, closed: false));
    private readonly string type = Type(source["schema"]!.AsObject(), components);

    public string Name { get; } = source["name"]!.GetValue<string>();

    public bool InPath { get; } = source["in"]!.GetValue<string>() == "path";

    public bool InQuery { get; } = source["in"]!.GetValue<string>() == "query";

    public bool IsRequired { get; } = (bool?)source["required"] == true;

    public bool MayHaveSlashes { get; } = (bool?)source["x-multi-segment"] == true;

    public IEnumerable<string> Violations(string text) =>
        schema.Value.Validate(Value(text)).Select(error => $"parameter {Name} {error.Message}");

    private JsonNode Value(string text) => type switch
    {
        "integer" or "number" when long.TryParse(
            text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        "boolean" when text is "true" or "false" => text == "true",
        "array" => new JsonArray([.. text.Split(',').Select(item => (JsonNode)item)]),
        _ => text,
    };

    private static string Type(JsonObject schema, JsonObject components)
    {
        if (schema["$ref"]?.GetValue<string>() is { } reference)
        {
            schema = components[reference[(reference.LastIndexOf('/') + 1)..]]!.AsObject();
        }
        return schema["type"]?.GetValue<string>() ?? "";
    }
}
