using System.Text.Json.Nodes;
using Portal.Core.GoldenPaths.Forms;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.Core.GoldenPaths.Templates;

/// <summary>
/// A <c>template.yaml</c> in Backstage's format <c>scaffolder.backstage.io/v1beta3</c>, as its author wrote it.
/// </summary>
public sealed class TemplateManifest
{
    public const string ApiVersion = "scaffolder.backstage.io/v1beta3";
    public const string SuccessorAnnotation = "portal.dev/successor";

    private readonly YamlDocument document;

    internal TemplateManifest(YamlDocument document, string file, RunSpec spec, FormDefinition form)
    {
        this.document = document;
        (File, Spec, Form) = (file, spec, form);
        Json = document.Root!.AsObject();
        Ref = new EntityRef(
            "Template", Text(Metadata, "namespace") ?? EntityRef.DefaultNamespace, Text(Metadata, "name")!);
    }

    /// <summary>Relative to the template's folder.</summary>
    public string File { get; }

    public JsonObject Json { get; }

    public EntityRef Ref { get; }

    /// <summary>Steps and output, with what was left out filled in.</summary>
    public RunSpec Spec { get; }

    public FormDefinition Form { get; }

    public JsonObject Metadata => Json["metadata"]!.AsObject();

    public JsonObject SpecJson => Json["spec"]!.AsObject();

    public string Title => Text(Metadata, "title") ?? Ref.Name;

    public string? Description => Text(Metadata, "description");

    public string Type => Text(SpecJson, "type")!;

    public EntityRef? Owner => EntityRef.Owner(Text(SpecJson, "owner"));

    /// <summary>experimental, production, deprecated, or what the author wrote; null when nothing.</summary>
    public string? Lifecycle => Text(SpecJson, "lifecycle");

    public bool IsDeprecated => string.Equals(Lifecycle, "deprecated", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// What to use instead of a deprecated template: <c>spec.successor</c> or the annotation
    /// <c>portal.dev/successor</c>.
    /// </summary>
    public EntityRef? Successor =>
        EntityRef.TryParse(
            Text(SpecJson, "successor") ?? Text(Metadata["annotations"] as JsonObject, SuccessorAnnotation), "template",
            out var successor)
            ? successor
            : null;

    public IReadOnlyList<string> Tags =>
        Metadata["tags"] is JsonArray tags ? [.. tags.OfType<JsonValue>().Select(t => t.ToString())] : [];

    public string? Annotation(string name) => Text(Metadata["annotations"] as JsonObject, name);

    /// <summary>Where the value at a JSON pointer stands.</summary>
    public YamlPlace PlaceOf(string pointer) => document.PlaceOf(pointer);

    public TemplateNote NoteAt(string pointer, string message, string? fix = null) =>
        new(File, document.LineOf(pointer), message, fix);

    internal static string? Text(JsonObject? from, string name) =>
        from?[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;
}
