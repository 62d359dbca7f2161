using System.Text.Json.Nodes;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared.Files;

namespace Portal.Core.GoldenPaths.Actions.Files;

/// <summary><c>fs:rename</c>.</summary>
public sealed class RenameFiles : IAction
{
    public ActionDescription Description { get; } = new(
        "fs:rename", "Renames or moves files and folders of the workspace.",
        ActionSchema.Parse("""
        {
          "type": "object", "required": ["files"], "additionalProperties": false,
          "properties": {
            "files": {
              "type": "array", "title": "Files",
              "items": {
                "type": "object", "required": ["from", "to"], "additionalProperties": false,
                "properties": {
                  "from": { "type": "string", "minLength": 1, "title": "From", "description": "Path of a file or folder." },
                  "to": { "type": "string", "minLength": 1, "title": "To", "description": "Its new path." },
                  "overwrite": { "type": "boolean", "title": "Overwrite", "description": "Replace what is there already.", "default": false }
                }
              }
            }
          }
        }
        """),
        ActionSchema.Nothing,
        [new ActionExample("Give the project its name", """
            id: rename
            action: fs:rename
            input:
              files:
                - from: src/project.csproj
                  to: src/${{ parameters.name }}.csproj
            """)]);

    public Task ExecuteAsync(ActionContext context, CancellationToken cancellation)
    {
        foreach (var file in context.Input["files"]!.AsArray().OfType<JsonObject>())
        {
            Rename(
                context, Workspace.Normalise(file.Text("from")!), Workspace.Normalise(file.Text("to")!),
                file.Flag("overwrite"));
        }
        return Task.CompletedTask;
    }

    private static void Rename(ActionContext context, string from, string to, bool overwrite)
    {
        var workspace = context.Workspace;
        var moved = workspace.Files.Where(
            f => f.Path == from || f.Path.StartsWith(from + "/", StringComparison.Ordinal)).ToList();
        if (moved.Count == 0) throw ActionFailedException.Wrong($"There is no '{from}' in the workspace to rename.");
        if (to.Length == 0 || to == from || to.StartsWith(from + "/", StringComparison.Ordinal))
        {
            throw ActionFailedException.Wrong($"'{from}' cannot be renamed to '{to}'.");
        }
        var there = workspace.Files.Any(f => f.Path == to || f.Path.StartsWith(to + "/", StringComparison.Ordinal));
        if (there && !overwrite)
        {
            throw ActionFailedException.Wrong(
                $"'{to}' is there already. Set 'overwrite', or choose another name for '{from}'.");
        }
        if (there) workspace.Remove(to);
        workspace.Remove(from);
        foreach (var file in moved) workspace.Put(file with { Path = to + file.Path[from.Length..] });
        context.Log($"Renamed {from} to {to}.");
    }
}
