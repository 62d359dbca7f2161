using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Core.GoldenPaths.Forms;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.Core.GoldenPaths.Templates;

/// <summary>Reads the templates of a file, and says of what it cannot read where it is and what to change.</summary>
public static partial class ManifestReader
{
    /// <summary>Every document is a manifest or has at least one note; an unreadable file has notes alone.</summary>
    public static (IReadOnlyList<TemplateManifest> Manifests, IReadOnlyList<TemplateNote> Errors) Read(
        string text, string file)
    {
        IReadOnlyList<YamlDocument> documents;
        try
        {
            documents = Yaml.Parse(text);
        }
        catch (YamlFormatException e)
        {
            return ([], [new TemplateNote(
                file, e.Line, $"This is not YAML that can be read: {e.Message}",
                "Correct the line; an editor with YAML support shows the place.")]);
        }
        var manifests = new List<TemplateManifest>();
        var errors = new List<TemplateNote>();
        foreach (var document in documents)
        {
            var reader = new DocumentReader(document, file);
            if (reader.Read() is { } manifest) manifests.Add(manifest);
            else errors.AddRange(reader.Errors);
        }
        if (documents.Count == 0)
        {
            errors.Add(new TemplateNote(
                file, 1, "The file is empty.", $"Start it with 'apiVersion: {TemplateManifest.ApiVersion}'."));
        }
        return (manifests, errors);
    }

    private sealed class DocumentReader(YamlDocument document, string file)
    {
        public List<TemplateNote> Errors { get; } = [];

        public TemplateManifest? Read()
        {
            if (document.Root is not JsonObject root)
            {
                Add("", "A template is a mapping with apiVersion, kind, metadata and spec.");
                return null;
            }
            if (!CheckVersion(root)) return null;
            CheckMetadata(root);
            var spec = root["spec"] as JsonObject;
            if (spec is null) Add("/spec", "'spec' is missing.", "Add spec with type, parameters and steps.");
            var steps = spec is null ? [] : ReadSteps(spec);
            var output = spec is null ? OutputSpec.Empty : ReadOutput(spec);
            var form = FormDefinition.Parse(spec?["parameters"]);
            foreach (var problem in form.Problems)
            {
                Add("/spec/parameters" + problem.SchemaPath, $"{problem.Keyword} {problem.Message}.".TrimStart());
            }
            return Errors.Count == 0 ? new TemplateManifest(
                document, file, new RunSpec(steps, output, [.. form.ParameterNames.Order(StringComparer.Ordinal)]),
                form) : null;
        }

        private bool CheckVersion(JsonObject root)
        {
            var version = TemplateManifest.Text(root, "apiVersion");
            if (version != TemplateManifest.ApiVersion)
            {
                Add("/apiVersion", version is null
                    ? "'apiVersion' is missing."
                    : $"apiVersion '{version}' is not one that the portal reads.",
                    $"Write 'apiVersion: {TemplateManifest.ApiVersion}'{(version?.StartsWith("backstage.io/v1beta2", StringComparison.Ordinal) == true ? " and move to its format: parameters are read as ${{ parameters.x }}" : "")}.");
            }
            else if (TemplateManifest.Text(root, "kind") is var kind && kind != "Template")
            {
                Add(
                    "/kind", kind is null ? "'kind' is missing." : $"kind '{kind}' is no template.",
                    "Write 'kind: Template', or move this document to another file.");
            }
            return Errors.Count == 0;
        }

        private void CheckMetadata(JsonObject root)
        {
            if (root["metadata"] is not JsonObject metadata)
            {
                Add("/metadata", "'metadata' is missing.", "Add metadata with name, title and description.");
                return;
            }
            if (TemplateManifest.Text(metadata, "name") is not { } name)
            {
                Add("/metadata/name", "metadata.name is missing.", "Give the template a name, such as 'node-service'.");
            }
            else if (!NamePattern().IsMatch(name))
            {
                Add(
                    "/metadata/name", $"'{Words.Short(name, 60)}' cannot be a name.",
                    "Use 1 to 63 letters, digits, dashes, underscores or dots, with a letter or digit at both ends.");
            }
            if (TemplateManifest.Text(metadata, "namespace") is { } ns && !NamePattern().IsMatch(ns))
            {
                Add(
                    "/metadata/namespace", $"'{Words.Short(ns, 60)}' cannot be a namespace.",
                    "Leave it out, or use letters, digits and dashes.");
            }
        }

        private List<StepSpec> ReadSteps(JsonObject spec)
        {
            if (TemplateManifest.Text(spec, "type") is null)
            {
                Add("/spec/type", "spec.type is missing.", "Say what it makes, such as 'type: service'.");
            }
            if (spec["steps"] is not JsonArray { Count: > 0 } list)
            {
                Add("/spec/steps", "spec.steps must be a list of at least one step.");
                return [];
            }
            var steps = list.Select((node, i) => ReadStep(node, i)).OfType<StepSpec>().ToList();
            foreach (var twice in steps.GroupBy(s => s.Id, StringComparer.Ordinal).Where(g => g.Count() > 1))
            {
                Errors.Add(new TemplateNote(
                    file, twice.Last().Line, $"Two steps have the id '{twice.Key}'.",
                    "Give each step an id of its own."));
            }
            return steps;
        }

        private StepSpec? ReadStep(JsonNode? node, int index)
        {
            var at = $"/spec/steps/{index}";
            if (node is not JsonObject step)
            {
                Add(at, $"Step {index + 1} is not a mapping.");
                return null;
            }
            if (TemplateManifest.Text(step, "action") is not { } action)
            {
                Add(at, $"Step {index + 1} has no action.", "Name one, such as 'action: fetch:template'.");
                return null;
            }
            if (step["input"] is not (null or JsonObject))
            {
                Add($"{at}/input", $"The input of step {index + 1} must be a mapping.");
            }
            if (step["if"] is JsonValue condition
                && condition.GetValueKind() is not (JsonValueKind.String or JsonValueKind.True
                or JsonValueKind.False) || step["if"] is JsonObject or JsonArray)
            {
                Add($"{at}/if", "'if' must be an expression or true or false.");
            }
            if (step["each"] is JsonValue each && each.GetValueKind() != JsonValueKind.String)
            {
                Add($"{at}/each", "'each' must be an expression, a list or a mapping.");
            }
            var id = TemplateManifest.Text(step, "id") ?? $"step-{index + 1}";
            return new StepSpec(id, TemplateManifest.Text(
                step, "name") ?? action, action, step["input"]?.DeepClone() as JsonObject ?? [],
                step["if"]?.DeepClone(), step["each"]?.DeepClone(), document.LineOf(at));
        }

        private OutputSpec ReadOutput(JsonObject spec)
        {
            if (spec["output"] is null) return OutputSpec.Empty;
            if (spec["output"] is not JsonObject output)
            {
                Add("/spec/output", "spec.output must be a mapping.");
                return OutputSpec.Empty;
            }
            var values = new JsonObject();
            foreach (var (name, value) in output.Where(
                p => p.Key is not ("links" or "text"))) values[name] = value?.DeepClone();
            return new OutputSpec(List(output, "links"), List(output, "text"), values);
        }

        private JsonArray List(JsonObject output, string name)
        {
            if (output[name] is null) return [];
            if (output[name] is JsonArray list && list.All(i => i is JsonObject)) return list.DeepClone().AsArray();
            Add($"/spec/output/{name}", $"spec.output.{name} must be a list of mappings.");
            return [];
        }

        private void Add(string pointer, string message, string? fix = null) =>
            Errors.Add(new TemplateNote(file, document.LineOf(pointer), message, fix));

    }

    [GeneratedRegex(@"^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?\z")]
    private static partial Regex NamePattern();
}
