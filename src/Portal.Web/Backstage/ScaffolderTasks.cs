using System.Text.Json.Nodes;
using Portal.Core.Runs;

namespace Portal.Web.Backstage;

/// <summary>Runs and their events in the words of Backstage's scaffolder.</summary>
internal static class ScaffolderTasks
{
    public static JsonObject Task(Run run)
    {
        var spec = JsonNode.Parse(run.Spec)!.AsObject();
        return new JsonObject
        {
            ["id"] = run.Id.ToString(),
            ["status"] = Status(run.Status),
            ["createdAt"] = Time(run.CreatedAt),
            ["lastHeartbeatAt"] = Time(run.FinishedAt ?? run.StartedAt ?? run.CreatedAt),
            ["createdBy"] = run.CreatedBy,
            ["spec"] = new JsonObject
            {
                ["apiVersion"] = "scaffolder.backstage.io/v1beta3",
                ["parameters"] = JsonNode.Parse(run.Values),
                ["steps"] = spec["steps"]?.DeepClone(),
                ["output"] = run.Output is null ? null : JsonNode.Parse(run.Output),
                ["templateInfo"] = run.Template is null ? null : new JsonObject { ["entityRef"] = run.Template },
                ["user"] = new JsonObject { ["ref"] = run.CreatedBy },
            },
        };
    }

    public static string Status(RunStatus status) => status switch
    {
        RunStatus.Queued => "open",
        RunStatus.Running or RunStatus.Waiting or RunStatus.Undoing => "processing",
        RunStatus.Undone => "cancelled",
        RunStatus.UndoFailed => "failed",
        _ => status.ToString().ToLowerInvariant(),
    };

    /// <summary>The statuses of ours behind one of theirs; empty when they have no such.</summary>
    public static RunStatus[] Statuses(string status) =>
        Enum.GetValues<RunStatus>().Where(s => Status(s) == status).ToArray();

    public static JsonObject Event(Run run, RunEvent e)
    {
        var over = e is { Type: RunEventType.Status
            or RunEventType.Error, StepId: null, Status: "completed" or "failed" or "undo-failed" };
        var body = new JsonObject { ["message"] = e.Message };
        if (e.StepId is not null) body["stepId"] = e.StepId;
        if (e.Status is { } status) body["status"] = Word(status);
        if (over && e.Status == "completed" && run.Output is { } output) body["output"] = JsonNode.Parse(output);
        if (over && e.Status != "completed")
        {
            body["error"] = new JsonObject { ["name"] = "Error", ["message"] = e.Message };
        }
        return new JsonObject
        {
            ["id"] = e.Number, ["taskId"] = run.Id.ToString(), ["createdAt"] = Time(e.At), ["body"] = body,
            ["type"] = over ? "completion" : e is { StepId: null, Status: "cancelled" or "undone" } ? "cancelled"
                : e is { StepId: null, Status: "recovered" } ? "recovered" : "log",
        };
    }

    /// <summary>They know no waiting, and no undoing.</summary>
    private static string Word(string status) => status switch
    {
        "queued" => "open",
        "running" or "waiting" or "undoing" => "processing",
        "undone" => "cancelled",
        "undo-failed" => "failed",
        _ => status,
    };

    private static string Time(DateTimeOffset at) => at.ToString("yyyy-MM-ddTHH:mm:ss.fffZ");
}
