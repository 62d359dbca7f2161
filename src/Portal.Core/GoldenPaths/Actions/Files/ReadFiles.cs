using System.Text;
using System.Text.Json.Nodes;
using Portal.Core.Catalog.Actions;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared.Files;

namespace Portal.Core.GoldenPaths.Actions.Files;

/// <summary><c>fs:read</c>.</summary>
public sealed class ReadFile : IAction
{
    private const int MaxSize = 1024 * 1024;

    public ActionDescription Description { get; } = new(
        "fs:read", "Reads a text file of the workspace, up to 1 MB.",
        ActionSchema.Parse("""
        {
          "type": "object", "required": ["path"], "additionalProperties": false,
          "properties": {
            "path": { "type": "string", "minLength": 1, "title": "Path", "description": "Of the file in the workspace." },
            "encoding": { "type": "string", "title": "Encoding", "deprecated": true }
          }
        }
        """),
        ActionSchema.Parse(
            """{ "type": "object", "properties": { "content": { "type": "string", "title": "The file's text" } } }"""),
        [new ActionExample("Read a version", """
            id: version
            action: fs:read
            input:
              path: VERSION
            """)]);

    public Task ExecuteAsync(ActionContext context, CancellationToken cancellation)
    {
        if (context.IsUnknown("path"))
        {
            context.Outputs["content"] = UnknownValue.Of("the file's text");
            return Task.CompletedTask;
        }
        var path = context.Input.Text("path")!;
        if (!context.Workspace.TryGet(path, out var file))
        {
            throw ActionFailedException.Wrong($"There is no file '{path}' in the workspace.");
        }
        if (file.Content.Length > MaxSize)
        {
            throw ActionFailedException.Wrong($"'{path}' is larger than 1 MB and cannot be read into a step.");
        }
        context.Outputs["content"] = Encoding.UTF8.GetString(file.Content.Span);
        return Task.CompletedTask;
    }
}

/// <summary><c>fs:readdir</c>.</summary>
public sealed class ReadFolder : IAction
{
    public ActionDescription Description { get; } = new(
        "fs:readdir", "Lists files and folders of the workspace.",
        ActionSchema.Parse("""
        {
          "type": "object", "required": ["paths"], "additionalProperties": false,
          "properties": {
            "paths": { "type": "array", "items": { "type": "string" }, "title": "Folders", "description": "Paths in the workspace; . is the workspace itself." },
            "recursive": { "type": "boolean", "title": "Recursive", "description": "With all below.", "default": false }
          }
        }
        """),
        ActionSchema.Parse("""
        {
          "type": "object",
          "properties": {
            "files": { "type": "array", "items": { "type": "object" }, "title": "Files: name, path (from the folder), fullPath (from the workspace)" },
            "folders": { "type": "array", "items": { "type": "object" }, "title": "Folders: name, path, fullPath" }
          }
        }
        """),
        [new ActionExample("List the services", """
            id: list
            action: fs:readdir
            input:
              paths: ['services']
            """)]);

    public Task ExecuteAsync(ActionContext context, CancellationToken cancellation)
    {
        var (files, folders) = (new JsonArray(), new JsonArray());
        var recursive = context.Input.Flag("recursive");
        foreach (var given in context.Input.Texts("paths"))
        {
            var root = Workspace.Normalise(given);
            var below = context.Workspace.Tree.Below(root).Files.Select(f => f.Path).ToList();
            if (below.Count == 0 && root.Length > 0)
            {
                throw ActionFailedException.Wrong($"There is no folder '{given}' in the workspace.");
            }
            foreach (var path in below.Where(p => recursive || !p.Contains('/'))) files.Add(Item(root, path));
            foreach (var path in below.SelectMany(Parents).Distinct(StringComparer.Ordinal)
                .Where(p => recursive || !p.Contains('/'))) folders.Add(Item(root, path));
        }
        (context.Outputs["files"], context.Outputs["folders"]) = (files, folders);
        return Task.CompletedTask;
    }

    private static IEnumerable<string> Parents(string path)
    {
        for (var i = path.IndexOf('/'); i > 0; i = path.IndexOf('/', i + 1)) yield return path[..i];
    }

    private static JsonObject Item(string root, string path) => new()
    {
        ["name"] = path[(path.LastIndexOf('/') + 1)..], ["path"] = path,
        ["fullPath"] = root.Length == 0 ? path : $"{root}/{path}",
    };
}
