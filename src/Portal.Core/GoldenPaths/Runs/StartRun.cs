using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Catalog;
using Portal.Core.Data;
using Portal.Core.GoldenPaths.Forms;
using Portal.Core.GoldenPaths.Runs.Execution;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Governance.Access;
using Portal.Core.Governance.Audit;
using Portal.Core.Shared;

namespace Portal.Core.GoldenPaths.Runs;

/// <param name="ReviewedTreeHash">The template version that was reviewed; null takes the current one.</param>
public sealed record StartRunRequest(EntityRef Template, JsonObject Values, JsonObject? Secrets = null, string? ReviewedTreeHash = null);

/// <summary>Validate, plan, price; then the run is a row that somebody will execute, whatever crashes.</summary>
public sealed class StartRun(
    IDbContextFactory<PortalDbContext> database, TemplateCatalogue templates, PlanRun plan, PlanChecks checks, Authorise authorise, SecretBox secrets,
    RunScheduler scheduler, TimeProvider time)
{
    public async Task<Result<Guid>> ExecuteAsync(StartRunRequest request, Actor actor, CancellationToken cancellation)
    {
        if ((await authorise.CheckAsync(actor, Permissions.TemplateRun, null, cancellation)).Error is { } refused) return refused;
        if (!(await templates.FindVersionAsync(request.Template, request.ReviewedTreeHash, cancellation)).TryGet(out var template, out var unknown)) return unknown;
        if (template.CannotCreate is { } why) return Error.Conflict("template-cannot-create", why);
        if (!SubmittedForm.Complete(template.Form, request.Values, request.Secrets).TryGet(out var input, out var invalid)) return invalid;
        if (RunErrors.SecretsTooLarge(input.Secrets) is { } tooLarge) return tooLarge;
        if (!(await plan.PlanAsync(template, input.Values, input.Secrets, actor, cancellation)).TryGet(out var planned, out var unplannable)) return unplannable;
        if (await checks.CheckAsync(planned, cancellation) is { } impossible) return impossible;
        await templates.StoreTreeAsync(template, cancellation);
        var owner = OwnerOf(input.Values, actor);
        var redactor = new SecretRedactor(input.Secrets);
        var run = new Run
        {
            Title = redactor.Redact(TitleOf(template, input.Values)), Template = template.Ref.Key, TemplateSource = template.Source, TemplateCommit = template.Commit,
            TemplateTreeHash = template.TreeHash, Spec = JsonSerializer.Serialize(template.Spec, Json.Options), Values = input.Values.ToJsonString(),
            Secrets = secrets.Seal(input.Secrets), SecretNames = [.. input.Secrets.Select(s => s.Key)], PlanHash = planned.Hash, CreatedBy = actor.Ref.ToString(), Owner = owner.Key, CreatedAt = time.Now(),
        };
        await SaveAsync(run, template.Spec.Steps, actor, owner, cancellation);
        return run.Id;
    }

    /// <summary>A run of steps that are the portal's own, not a template's: an environment operation.</summary>
    public async Task<Result<Guid>> ExecuteAsync(string title, RunSpec spec, JsonObject values, EntityRef owner, Actor actor, CancellationToken cancellation)
    {
        var run = new Run
        {
            Title = title, Spec = JsonSerializer.Serialize(spec, Json.Options), Values = values.ToJsonString(), CreatedBy = actor.Ref.ToString(),
            Owner = owner.Key, CreatedAt = time.Now(),
        };
        await SaveAsync(run, spec.Steps, actor, owner, cancellation);
        return run.Id;
    }

    private async Task SaveAsync(Run run, IReadOnlyList<StepSpec> steps, Actor actor, EntityRef owner, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        db.Add(run);
        db.AddRange(steps.Select((s, i) => new RunStep { RunId = run.Id, Position = i, StepId = s.Id, Name = s.Name, Action = s.Action }));
        await db.SaveAuditedAsync(time, cancellation, new AuditEntry(actor, "run.started", $"run:{run.Id}", $"Started {run.Title}", owner));
        // A crash before this line leaves a queued row, which the sweep schedules.
        await scheduler.ScheduleAsync(run.Id, CancellationToken.None);
    }

    /// <summary>Templates ask for an owner under this name by convention; without it the run belongs to who starts it.</summary>
    private static EntityRef OwnerOf(JsonObject values, Actor actor) =>
        Text(values, "owner") is { } text && EntityRef.TryParse(text, "group", out var owner) ? owner.Value : actor.Ref;

    private static string TitleOf(TemplateVersion template, JsonObject values) =>
        (Text(values, "name") ?? Text(values, "component_id")) is { Length: > 0 and <= 100 } name ? $"{name} from {template.Title}" : template.Title;

    private static string? Text(JsonObject values, string name) => values[name] is JsonValue v && v.TryGetValue<string>(out var text) ? text : null;
}
