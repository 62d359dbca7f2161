using System.Text.Json.Nodes;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared.Files;

namespace Portal.Core.GoldenPaths.Actions.Fetch;

/// <summary><c>fetch:template</c>: renders a folder of the template into the workspace, contents and paths.</summary>
public sealed class FetchTemplate : IAction
{
    public const string Id = "fetch:template";

    public ActionDescription Description { get; } = new(
        Id, "Renders the files of a folder of the template into the workspace, paths included.",
        ActionSchema.Parse("""
        {
          "type": "object",
          "required": ["url"],
          "additionalProperties": false,
          "properties": {
            "url": { "type": "string", "title": "Folder", "description": "Path from the template's own folder, such as ./skeleton.", "minLength": 1 },
            "targetPath": { "type": "string", "title": "Target path", "description": "Where in the workspace the files go; the workspace itself unless given." },
            "values": { "type": "object", "title": "Values", "description": "What the files read as values.x." },
            "copyWithoutTemplating": { "type": "array", "items": { "type": "string" }, "title": "Copy without templating", "description": "Patterns of files whose contents are copied as they are; their paths are rendered all the same." },
            "copyWithoutRender": { "type": "array", "items": { "type": "string" }, "title": "Copy without rendering", "description": "As copyWithoutTemplating, but paths are copied as they are too. Use copyWithoutTemplating in new templates." },
            "templateFileExtension": { "type": ["string", "boolean"], "title": "Template file extension", "description": "Only files with this extension are rendered, and lose it; true = .njk." },
            "replace": { "type": "boolean", "title": "Replace", "description": "Overwrite files that are in the workspace already; they are kept unless set.", "default": false },
            "trimBlocks": { "type": "boolean", "title": "Trim blocks", "description": "The line break behind a {% tag %} vanishes." },
            "lstripBlocks": { "type": "boolean", "title": "Strip blocks", "description": "Blanks between the start of a line and a {% tag %} vanish." },
            "cookiecutterCompat": { "type": "boolean", "title": "Cookiecutter", "description": "Not supported by this portal." },
            "token": { "type": "string", "title": "Token", "deprecated": true }
          }
        }
        """),
        ActionSchema.Nothing,
        [
            new ActionExample("Render the skeleton", """
            id: fetch
            name: Render the files
            action: fetch:template
            input:
              url: ./skeleton
              copyWithoutTemplating: ['.github/workflows/*']
              values:
                name: ${{ parameters.name }}
            """),
        ]);

    public Task ExecuteAsync(ActionContext context, CancellationToken cancellation)
    {
        var input = FetchTemplateInput.Read(context.Input);
        var prefix = FetchSource.PathOf(input.Url);
        var folder = FetchSource.Folder(context.Template, input.Url);
        var target = Workspace.Normalise(input.TargetPath);
        var renderer = new SkeletonRenderer(
            folder, prefix, context, input.TrimBlocks, input.LstripBlocks, cancellation);
        var (rendered, kept) = (0, 0);
        foreach (var file in folder.Files)
        {
            cancellation.ThrowIfCancellationRequested();
            if (PathFor(input, renderer, file) is not { } path) continue;
            var full = target.Length == 0 ? path : $"{target}/{path}";
            if (!input.Replace && context.Workspace.Contains(full))
            {
                kept++;
                continue;
            }
            if (file.IsLink) FetchSource.CheckLink(file, file.Path);
            if (file.IsLink) FetchSource.CheckLink(file, Workspace.Normalise(full));
            context.Workspace.Put(
                file with { Path = full, Content = input.IsRendered(file) ? renderer.Content(file) : file.Content });
            rendered++;
        }
        context.Log(
            $"Fetched {rendered} of {folder.Count} files from {input.Url}{(kept > 0 ? $"; {kept} were there already and are kept" : "")}.");
        return Task.CompletedTask;
    }

    private static string? PathFor(FetchTemplateInput input, SkeletonRenderer renderer, TreeFile file)
    {
        if (input.KeepsPath(file)) return file.Path;
        var path = renderer.Path(file.Path);
        if (path is null || input.Extension is not { } extension || !path.EndsWith(extension, StringComparison.Ordinal))
        {
            return path;
        }
        path = path[..^extension.Length];
        return path.Length == 0 || path.EndsWith('/') ? null : path;
    }
}
