using System.Text.Json.Nodes;
using Portal.Core.Schema;

namespace Portal.Core.GoldenPaths.Forms.Resolution;

/// <summary>
/// One walk over everything that a page declares, whatever the values: names, secrets, and hints that cannot be
/// followed.
/// </summary>
internal sealed class FormSurvey(JsonObject root)
{
    /// <summary>Places that a form may declare, each branch and each use of a definition counted.</summary>
    private const int MaxPlaces = 20_000;

    private readonly HashSet<(JsonObject Schema, string Path)> visited = [];
    private readonly HashSet<string> open = new(StringComparer.Ordinal) { "" };

    public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

    /// <summary>Paths of secrets without the leading slash; * stands for the index in a list.</summary>
    public SortedSet<string> Secrets { get; } = new(StringComparer.Ordinal);

    public List<SchemaNote> Warnings { get; } = [];

    /// <summary>
    /// True when the form declares more than can be shown: definitions that use each other again and again.
    /// </summary>
    public bool IsTooLarge => visited.Count > MaxPlaces;

    public void Run() => Visit(root, "", "", 0);

    private void Visit(JsonNode? node, string pointer, string path, int depth)
    {
        if (node is not JsonObject schema || depth > FormLimits.MaxNesting || IsTooLarge
            || !visited.Add((schema, path)))
        {
            return;
        }

        if (path.Length > 0) LookAtField(schema, pointer, path);

        LookAtOrder(schema, pointer);
        foreach (var (name, property) in schema["properties"] as JsonObject ?? [])
        {
            if (path.Length == 0) Names.Add(name);

            Visit(
                property, JsonPointer.Append(pointer + "/properties", name), JsonPointer.Append(path, name), depth + 1);
        }

        VisitItems(schema, pointer, path, depth);
        VisitBranches(schema, pointer, path, depth);
        if (JsonKinds.TextOrNull(schema["$ref"]) is ['#', ..] reference)
        {
            var target = Uri.UnescapeDataString(reference[1..]);
            if (open.Add(target))
            {
                Visit(JsonPointer.TryGet(root, target, out var found) ? found : null, target, path, depth + 1);
                open.Remove(target);
            }
        }
    }

    private void VisitItems(JsonObject schema, string pointer, string path, int depth)
    {
        foreach (var keyword in (string[])["items", "prefixItems", "additionalItems"])
        {
            if (schema[keyword] is JsonArray positions)
            {
                for (var i = 0; i < positions.Count; i++)
                {
                    Visit(positions[i], $"{pointer}/{keyword}/{i}", path + "/*", depth + 1);
                }
            }
            else
            {
                Visit(schema[keyword], $"{pointer}/{keyword}", path + "/*", depth + 1);
            }
        }
    }

    private void VisitBranches(JsonObject schema, string pointer, string path, int depth)
    {
        foreach (var keyword in (string[])["allOf", "anyOf", "oneOf"])
        {
            var branches = schema[keyword] as JsonArray;
            for (var i = 0; i < branches?.Count; i++) Visit(branches[i], $"{pointer}/{keyword}/{i}", path, depth + 1);
        }

        foreach (var keyword in (string[])["dependencies", "dependentSchemas"])
        {
            foreach (var (name, branch) in schema[keyword] as JsonObject ?? [])
            {
                Visit(branch, JsonPointer.Append($"{pointer}/{keyword}", name), path, depth + 1);
            }
        }

        Visit(schema["then"], pointer + "/then", path, depth + 1);
        Visit(schema["else"], pointer + "/else", path, depth + 1);
    }

    private void LookAtField(JsonObject schema, string pointer, string path)
    {
        var options = UiHints.Options([new SchemaSite(schema, pointer)]);
        if (UiHints.IsSecret(options)) Secrets.Add(path[1..]);

        var field = UiHints.Text(options, "field");
        if (field is not (null or "hidden") && !KnownFields.All.Contains(field))
        {
            Warn(
                pointer, "ui:field",
                $"The field '{field}' ({Name(path)}) is not available here; a plain field of its type is shown instead. Available are {string.Join(", ", KnownFields.All.Order(StringComparer.Ordinal))}.");
        }

        var widget = UiHints.Text(options, "widget");
        if (widget is not null && !UiHints.KnownWidgets.ContainsKey(widget))
        {
            Warn(
                pointer, "ui:widget",
                $"The widget '{widget}' ({Name(path)}) is not available here; the natural one of its type is shown instead. Available are {string.Join(", ", UiHints.KnownWidgets.Keys)}.");
        }
    }

    private void LookAtOrder(JsonObject schema, string pointer)
    {
        if (schema["ui:order"] is not JsonArray order) return;

        var declared = new HashSet<string>(StringComparer.Ordinal);
        DeclaredNames.Collect([schema], root, declared);
        foreach (var name in order.Select(JsonKinds.TextOrNull).OfType<string>()
            .Where(name => name != "*" && !declared.Contains(name)))
        {
            Warn(pointer, "ui:order", $"ui:order lists '{name}', which is not a property here.");
        }
    }

    private void Warn(string pointer, string keyword, string message)
    {
        var note = new SchemaNote(JsonPointer.Append(pointer, keyword), keyword, message);
        if (!Warnings.Contains(note)) Warnings.Add(note);
    }

    private static string Name(string path) => path[1..].Replace("/*", "[]", StringComparison.Ordinal);
}
