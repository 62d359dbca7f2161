using Portal.Core.Runs.Actions;
using Portal.Core.Shared.Files;

namespace Portal.Core.GoldenPaths.Actions.Fetch;

/// <summary><c>fetch:template:file</c>: renders one file of the template into the workspace.</summary>
public sealed class FetchTemplateFile : IAction
{
    public const string Id = "fetch:template:file";

    public ActionDescription Description { get; } = new(
        Id, "Renders one file of the template into the workspace.",
        ActionSchema.Parse("""
        {
          "type": "object", "required": ["url", "targetPath"], "additionalProperties": false,
          "properties": {
            "url": { "type": "string", "minLength": 1, "title": "File", "description": "Path from the template's own folder." },
            "targetPath": { "type": "string", "minLength": 1, "title": "Target path", "description": "Path of the file in the workspace." },
            "values": { "type": "object", "title": "Values", "description": "What the file reads as values.x." },
            "replace": { "type": "boolean", "title": "Replace", "description": "Overwrite a file that is there already; it is kept unless set.", "default": false },
            "trimBlocks": { "type": "boolean", "title": "Trim blocks", "description": "The line break behind a {% tag %} vanishes." },
            "lstripBlocks": { "type": "boolean", "title": "Strip blocks", "description": "Blanks between the start of a line and a {% tag %} vanish." },
            "cookiecutterCompat": { "type": "boolean", "title": "Cookiecutter", "description": "Not supported by this portal." },
            "token": { "type": "string", "title": "Token", "deprecated": true }
          }
        }
        """),
        ActionSchema.Nothing,
        [new ActionExample("Render the README", """
            id: readme
            action: fetch:template:file
            input:
              url: ./README.md.njk
              targetPath: README.md
              values:
                name: ${{ parameters.name }}
            """)]);

    public Task ExecuteAsync(ActionContext context, CancellationToken cancellation)
    {
        var input = context.Input;
        if (input.Flag("cookiecutterCompat"))
        {
            throw ActionFailedException.Wrong(
                "cookiecutterCompat is not supported: write the file with ${{ values.x }} instead of {{ cookiecutter.x }} and remove it.");
        }
        var file = FetchSource.File(context.Template, input.Text("url")!);
        var target = input.Text("targetPath")!;
        if (context.Workspace.Contains(target) && !input.Flag("replace"))
        {
            context.Log($"{target} is there already and is kept; set 'replace' to overwrite it.");
            return Task.CompletedTask;
        }
        var renderer = new SkeletonRenderer(
            context.Template, "", context, input.Flag("trimBlocks"), input.Flag("lstripBlocks"), cancellation);
        context.Workspace.Put(file with { Path = target, Content = BinaryFiles.IsBinary(file.Content.Span)
            ? file.Content
            : renderer.Content(file) });
        context.Log($"Rendered {file.Path} as {Workspace.Normalise(target)}.");
        return Task.CompletedTask;
    }
}
