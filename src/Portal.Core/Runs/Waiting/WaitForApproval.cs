using System.Text.Json.Nodes;
using Portal.Core.Catalog.Actions;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;

namespace Portal.Core.Runs.Waiting;

/// <summary>
/// <c>wait:approval</c>: the run goes on when one of those named says yes, and fails when one says no.
/// </summary>
public sealed class WaitForApproval : IAction
{
    public const string Id = "wait:approval";

    public ActionDescription Description { get; } = new(
        Id,
        "Waits, for days if need be, until somebody other than who started the run approves. Rejecting it fails the run.",
        ActionSchema.Parse("""
        {
          "type": "object", "required": ["approvers", "question"], "additionalProperties": false,
          "properties": {
            "approvers": { "type": "array", "minItems": 1, "items": { "type": "string", "minLength": 1 }, "title": "Approvers", "description": "Entity references of groups and users; a bare name is a group." },
            "question": { "type": "string", "minLength": 1, "maxLength": 500, "title": "Question", "description": "What they are asked, in one sentence." },
            "within": { "type": "string", "minLength": 1, "title": "Within", "description": "After which the run fails: 12h, 7d, or ISO 8601 such as P7D; no limit unless given." }
          }
        }
        """),
        ActionSchema.Parse("""
        {
          "type": "object",
          "properties": {
            "by": { "type": "string", "title": "Who approved" },
            "comment": { "type": "string", "title": "What they said" }
          }
        }
        """),
        [new ActionExample("Ask the platform team", """
            id: approval
            name: Ask the platform team
            action: wait:approval
            input:
              approvers: [group:default/platform]
              question: May ${{ parameters.name }} have a production environment?
              within: 7d
            """)]);

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellation)
    {
        var approvers = (context.Input["approvers"] as JsonArray ?? []).Select(a => a?.ToString() ?? "").ToList();
        foreach (var wrong in approvers.Where(
            a => !context.IsUnknown("approvers") && !EntityRef.TryParse(a, "group", out _)))
        {
            throw new ActionFailedException(
                $"'{wrong}' is no approver. Write an entity reference, such as group:default/platform or user:default/ada.");
        }
        var request = new WaitRequest(
            "approval", WaitKind.Approval, context.Input.Text("question") ?? "Approve?", approvers,
            Within: Waits.Within(context, "within"));
        if (await context.AwaitAsync(request, cancellation) is not { } answer) return;
        if (answer.Outcome == WaitOutcome.Elapsed)
        {
            throw new ActionFailedException("Nobody approved in time. Ask the approvers, then create again.");
        }
        if (answer.Outcome == WaitOutcome.Rejected)
        {
            throw new ActionFailedException(
                $"{answer.By} rejected it{(answer.Comment is { Length: > 0 } why ? $": {why}" : ".")}");
        }
        context.Outputs["by"] = answer.By;
        context.Outputs["comment"] = answer.Comment ?? "";
    }
}
