using System.Text.Json.Nodes;
using Portal.Core.Runs.Actions;

namespace Portal.Core.Runs.Waiting;

/// <summary><c>wait:event</c>: the run goes on when something outside is told over the API.</summary>
public sealed class WaitForEvent : IAction
{
    public ActionDescription Description { get; } = new(
        "wait:event",
        "Waits, for days if need be, until an event is told: POST /api/v1/runs/{id}/events with its name. For a merged pull request, a closed ticket, a finished delivery.",
        ActionSchema.Parse("""
        {
          "type": "object", "required": ["event"], "additionalProperties": false,
          "properties": {
            "event": { "type": "string", "minLength": 1, "maxLength": 100, "title": "Event", "description": "The name under which it is told." },
            "title": { "type": "string", "minLength": 1, "maxLength": 500, "title": "Title", "description": "What is waited for, in one sentence." },
            "within": { "type": "string", "minLength": 1, "title": "Within", "description": "After which the run fails: 12h, 7d, or ISO 8601 such as P7D; no limit unless given." }
          }
        }
        """),
        ActionSchema.Parse(
            """{ "type": "object", "properties": { "data": { "type": "object", "title": "What came with the event" } } }"""),
        [new ActionExample("Wait until the request is merged", """
            id: merged
            name: Wait until the request is merged
            action: wait:event
            input:
              event: merged
              title: The change to the network configuration is merged
              within: 14d
            """)]);

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellation)
    {
        var name = context.Input.Text("event") ?? "";
        var request = new WaitRequest(
            "event", WaitKind.Event, context.Input.Text("title") ?? $"Waits for the event {name}", [], name,
            Within: Waits.Within(context, "within"));
        if (await context.AwaitAsync(request, cancellation) is not { } answer)
        {
            context.Outputs["data"] = UnknownValue.Of("what comes with the event");
            return;
        }
        if (answer.Outcome == WaitOutcome.Elapsed)
        {
            throw new ActionFailedException($"The event {name} did not come in time. Retry the run to wait again.");
        }
        context.Outputs["data"] = answer.Data is { } json ? JsonNode.Parse(json) : new JsonObject();
    }
}
