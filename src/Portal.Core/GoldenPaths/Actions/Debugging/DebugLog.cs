using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.GoldenPaths.Actions.Fetch;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared.Files;

namespace Portal.Core.GoldenPaths.Actions.Debugging;

/// <summary><c>debug:log</c>.</summary>
public sealed class DebugLog : IAction
{
    private const int MaxFiles = 500;
    private const int MaxContent = 10_000;

    public ActionDescription Description { get; } = new(
        "debug:log", "Writes a message, and the workspace's files if asked, into the run's log.",
        ActionSchema.Parse("""
        {
          "type": "object", "additionalProperties": false,
          "properties": {
            "message": { "title": "Message", "description": "Any value; what is no text is written as JSON." },
            "listWorkspace": { "title": "List the workspace", "anyOf": [{ "type": "boolean" }, { "enum": ["with-filenames", "with-contents"] }] },
            "extra": { "title": "More", "description": "Written as JSON below the message." }
          }
        }
        """),
        ActionSchema.Nothing,
        [new ActionExample("Show what was rendered", """
            id: show
            action: debug:log
            input:
              message: Rendered ${{ parameters.name }}
              listWorkspace: true
            """)]);

    public Task ExecuteAsync(ActionContext context, CancellationToken cancellation)
    {
        if (context.Input["message"] is { } message) context.Log(Words(message));
        if (context.Input["extra"] is { } extra) context.Log(Words(extra));
        var list = context.Input["listWorkspace"];
        var contents = list?.ToString() == "with-contents";
        if (contents || list is JsonValue value
            && (value.GetValueKind() == JsonValueKind.True || value.ToString() == "with-filenames"))
        {
            List(context, contents);
        }
        return Task.CompletedTask;
    }

    private static void List(ActionContext context, bool contents)
    {
        var files = context.Workspace.Tree.Files;
        var text = new StringBuilder($"Workspace: {files.Count} files");
        foreach (var file in files.Take(MaxFiles))
        {
            text.Append("\n  - ").Append(file.Path);
            if (contents && !BinaryFiles.IsBinary(file.Content.Span))
            {
                text.Append('\n')
                    .Append(Encoding.UTF8.GetString(file.Content.Span[..Math.Min(file.Content.Length, MaxContent)]));
            }
        }
        if (files.Count > MaxFiles) text.Append($"\n  … and {files.Count - MaxFiles} more");
        context.Log(text.ToString());
    }

    private static string Words(JsonNode value) => Runs.UnknownValue.Is(value, out var unknown) ? unknown
        : value is JsonValue text && text.GetValueKind() == JsonValueKind.String ? text.GetValue<string>()
        : value.ToJsonString(Shared.Json.Options);
}
