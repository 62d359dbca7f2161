using System.Text.Json.Nodes;
using Portal.Core.GoldenPaths.Forms;

namespace Portal.Core.Tests.GoldenPaths.Forms;

internal static class FormBuilder
{
    public static FormDefinition Form(string json) => FormDefinition.Parse(JsonNode.Parse(json));

    public static JsonObject Values(string json) => JsonNode.Parse(json)!.AsObject();

    /// <summary>The paths of all visible fields, in order.</summary>
    public static string Visible(this FormDefinition form, string values)
        => string.Join(' ', form.Resolve(Values(values)).Fields.Select(field => field.Path));

    public static FormField Field(this FormDefinition form, string path, string values = "{}")
        => form.Resolve(Values(values)).Find(path) ?? throw new InvalidOperationException($"{path} is not visible.");

    public static string Defaults(this FormDefinition form, string values = "{}") =>
        form.ApplyDefaults(Values(values)).ToJsonString();

    public static string Messages(this FormDefinition form, string values)
        => string.Join('\n', form.Validate(Values(values)).Select(error => $"{error.Path}: {error.Message}"));
}
