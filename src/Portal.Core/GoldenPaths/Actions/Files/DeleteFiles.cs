using Portal.Core.GoldenPaths.Actions.Fetch;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared.Files;

namespace Portal.Core.GoldenPaths.Actions.Files;

/// <summary><c>fs:delete</c>.</summary>
public sealed class DeleteFiles : IAction
{
    public ActionDescription Description { get; } = new(
        "fs:delete", "Removes files and folders from the workspace.",
        ActionSchema.Parse("""
        {
          "type": "object", "required": ["files"], "additionalProperties": false,
          "properties": { "files": { "type": "array", "items": { "type": "string", "minLength": 1 }, "title": "Files", "description": "Paths of files or folders; patterns with *, **, ? are allowed." } }
        }
        """),
        ActionSchema.Nothing,
        [new ActionExample("Remove what is not wanted", """
            id: tidy
            action: fs:delete
            if: ${{ not parameters.docker }}
            input:
              files: ['Dockerfile', 'deploy/**']
            """)]);

    public Task ExecuteAsync(ActionContext context, CancellationToken cancellation)
    {
        foreach (var pattern in context.Input.Texts("files"))
        {
            var path = Workspace.Normalise(pattern);
            if (path.Length == 0)
            {
                throw ActionFailedException.Wrong($"'{pattern}' is the whole workspace. Name what is to be removed.");
            }
            var removed = path.AsSpan().IndexOfAny("*?[{") < 0
                ? context.Workspace.Remove(path)
                : RemoveMatching(context.Workspace, path);
            context.Log(removed == 0
                ? $"Nothing to remove at {pattern}."
                : $"Removed {removed} {(removed == 1 ? "file" : "files")} at {pattern}.",
                removed == 0 ? RunEventType.Warning : RunEventType.Log);
        }
        return Task.CompletedTask;
    }

    private static int RemoveMatching(Workspace workspace, string pattern)
    {
        var globs = new Globs([pattern]);
        return workspace.Files.Select(f => f.Path).Where(globs.Matches).ToList().Sum(workspace.Remove);
    }
}
