using Portal.Core.Runs.Actions;
using Portal.Core.Shared.Files;

namespace Portal.Core.GoldenPaths.Actions.Fetch;

/// <summary><c>fetch:plain</c>: copies a folder of the template into the workspace as it is.</summary>
public sealed class FetchPlain : IAction
{
    public const string Id = "fetch:plain";

    public ActionDescription Description { get; } = new(
        Id, "Copies a folder of the template into the workspace as it is; files that are there are overwritten.",
        ActionSchema.Parse("""
        {
          "type": "object", "required": ["url"], "additionalProperties": false,
          "properties": {
            "url": { "type": "string", "minLength": 1, "title": "Folder", "description": "Path from the template's own folder." },
            "targetPath": { "type": "string", "title": "Target path", "description": "Where in the workspace the files go; the workspace itself unless given." },
            "token": { "type": "string", "title": "Token", "deprecated": true }
          }
        }
        """),
        ActionSchema.Nothing,
        [new ActionExample("Copy the documentation", """
            id: docs
            action: fetch:plain
            input:
              url: ./docs
              targetPath: docs
            """)]);

    public Task ExecuteAsync(ActionContext context, CancellationToken cancellation)
    {
        var url = context.Input.Text("url")!;
        var folder = FetchSource.Folder(context.Template, url);
        var target = Workspace.Normalise(context.Input.Text("targetPath") ?? "");
        foreach (var file in folder.Files)
        {
            cancellation.ThrowIfCancellationRequested();
            if (file.IsLink) FetchSource.CheckLink(file, file.Path);
            context.Workspace.Put(file with { Path = target.Length == 0 ? file.Path : $"{target}/{file.Path}" });
        }
        context.Log($"Copied {folder.Count} files from {url}.");
        return Task.CompletedTask;
    }
}

/// <summary><c>fetch:plain:file</c>: copies one file of the template into the workspace as it is.</summary>
public sealed class FetchPlainFile : IAction
{
    public const string Id = "fetch:plain:file";

    public ActionDescription Description { get; } = new(
        Id, "Copies one file of the template into the workspace as it is.",
        ActionSchema.Parse("""
        {
          "type": "object", "required": ["url", "targetPath"], "additionalProperties": false,
          "properties": {
            "url": { "type": "string", "minLength": 1, "title": "File", "description": "Path from the template's own folder." },
            "targetPath": { "type": "string", "minLength": 1, "title": "Target path", "description": "Path of the file in the workspace." },
            "token": { "type": "string", "title": "Token", "deprecated": true }
          }
        }
        """),
        ActionSchema.Nothing,
        [new ActionExample("Copy the licence", """
            id: licence
            action: fetch:plain:file
            input:
              url: ./LICENSE
              targetPath: LICENSE
            """)]);

    public Task ExecuteAsync(ActionContext context, CancellationToken cancellation)
    {
        var file = FetchSource.File(context.Template, context.Input.Text("url")!);
        context.Workspace.Put(file with { Path = context.Input.Text("targetPath")! });
        context.Log($"Copied {file.Path}.");
        return Task.CompletedTask;
    }
}
