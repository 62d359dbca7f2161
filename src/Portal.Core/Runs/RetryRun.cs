using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Runs.Execution;
using Portal.Core.Runs.Waiting;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.Runs;

/// <param name="Values">Corrected parameters, only those that change, null for one that is cleared; null changes
/// none.</param>
/// <param name="Secrets">Secrets by name, in place of those that the run was given; those that are not named
/// stay.</param>
public sealed record RetryRunRequest(JsonObject? Values = null, JsonObject? Secrets = null);

/// <summary>
/// Has a run go on from the step that failed. Steps that are done are not run again, effects that happened do not
/// happen again.
/// </summary>
public sealed class RetryRun(
    IDbContextFactory<PortalDbContext> database, ControlledRuns runs, IRunForms forms, PlanRun plan, FreeNames names,
    TemplateTrees trees, SecretBox box, RunScheduler scheduler)
{
    public async Task<Result<Done>> ExecuteAsync(
        Guid id, RetryRunRequest request, Actor actor, CancellationToken cancellation)
    {
        if (!(await runs.ReadAsync(id, actor, cancellation)).TryGet(out var run, out var error)) return error;
        if (!run.CanRetry) return RunErrors.NotFailed(run);
        if (!SecretsOf(run, request.Secrets).TryGet(out var secrets, out var missing)) return missing;
        if (!(await ValuesAsync(run, request.Values, secrets, actor, cancellation)).TryGet(
            out var values, out var wrong))
        {
            return wrong;
        }
        await ForgetAnswersAsync(id, changed: values != run.Values || request.Secrets is { Count: > 0 }, cancellation);
        var changed = await runs.ChangeAsync(id, actor, "run.retried", request.Values is { Count: > 0 }
            ? "asked to retry the run with corrected values"
            : "asked to retry the run", row =>
        {
            if (!row.CanRetry) return RunErrors.NotFailed(row);
            row.Values = values;
            row.Secrets = box.Seal(secrets);
            row.Retry(actor.Ref.ToString());
            return null;
        }, cancellation);
        if (changed.IsOk) await scheduler.ScheduleAsync(id, CancellationToken.None);
        return changed;
    }

    /// <summary>
    /// What was rejected or came too late is asked again; so is what was approved, when it is not the same any more.
    /// </summary>
    private async Task ForgetAnswersAsync(Guid id, bool changed, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        if (changed)
        {
            await db.Set<RunSignal>().Where(s => s.RunId == id && s.Outcome == WaitOutcome.Approved)
                .ExecuteDeleteAsync(cancellation);
            await db.Set<RunStep>()
                .Where(s => s.RunId == id && s.Action == WaitForApproval.Id && s.Status == StepStatus.Completed)
                .ExecuteUpdateAsync(
                    s => s.SetProperty(r => r.Status, StepStatus.Waiting).SetProperty(r => r.Output, (string?)null),
                    cancellation);
        }
        await db.Set<RunSignal>()
            .Where(s => s.RunId == id && (s.Outcome == WaitOutcome.Rejected || s.Outcome == WaitOutcome.Elapsed))
            .ExecuteDeleteAsync(cancellation);
    }

    private Result<JsonObject> SecretsOf(Run run, JsonObject? given)
    {
        var secrets = box.Open(run.Secrets);
        foreach (var (name, secret) in given ?? []) secrets[name] = secret?.DeepClone();
        var missing = run.SecretNames.Where(n => secrets[n] is null).ToList();
        if (RunErrors.SecretsTooLarge(secrets) is { } tooLarge) return tooLarge;
        return missing.Count == 0 ? secrets : RunErrors.SecretsMissing(missing);
    }

    /// <summary>Checked by the form of the very version that the run is pinned to.</summary>
    private async Task<Result<string>> ValuesAsync(
        Run run, JsonObject? corrections, JsonObject secrets, Actor actor, CancellationToken cancellation)
    {
        if (corrections is null or { Count: 0 }) return run.Values;
        if (run.Template is null) return RunErrors.NoTemplate;
        var before = JsonNode.Parse(run.Values)!.AsObject();
        var after = before.DeepClone().AsObject();
        foreach (var (name, value) in corrections)
        {
            // Cleared is not the same as empty: the form decides anew.
            if (value is null) after.Remove(name);
            else after[name] = value.DeepClone();
        }
        if (!(await forms.CompleteAsync(run, after, secrets, cancellation)).TryGet(out var complete, out var invalid))
        {
            return invalid;
        }
        var done = await DoneAsync(run, cancellation);
        var different = complete.Select(v => v.Key).Union(before.Select(v => v.Key), StringComparer.Ordinal)
            .Where(n => !JsonNode.DeepEquals(complete[n], before[n])).ToHashSet(StringComparer.Ordinal);
        different.IntersectWith(FixedParameters.Of(run, done, different));
        if (different.Count > 0) return RunErrors.ParameterUsed(different.Order(StringComparer.Ordinal));
        if (await TakenAsync(run, complete, secrets, done, actor, cancellation) is { } taken) return taken;
        return complete.ToJsonString();
    }

    /// <summary>
    /// What is still to be made must be free under the new values, as when a run is begun. Where the plan cannot tell,
    /// the steps do.
    /// </summary>
    private async Task<Error?> TakenAsync(
        Run run, JsonObject values, JsonObject secrets, IReadOnlySet<string> done, Actor actor,
        CancellationToken cancellation)
    {
        var tree = run.TemplateTreeHash is { } hash ? await trees.FindAsync(hash, cancellation) : FileTree.Empty;
        if (tree is null) return null;
        var spec = JsonSerializer.Deserialize<RunSpec>(run.Spec, Json.Options)!;
        var planned = await plan.PlanAsync(spec, tree, values, secrets, actor, null, cancellation);
        return planned.IsOk ? (await names.CheckAsync(planned.Value, values, cancellation, done)).Error : null;
    }

    /// <summary>The steps that are done, and those whose changes are made or begun.</summary>
    private async Task<IReadOnlySet<string>> DoneAsync(Run run, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        return await db.Set<RunStep>()
            .Where(s => s.RunId == run.Id && (s.Status == StepStatus.Completed || s.Status == StepStatus.Skipped))
            .Select(s => s.StepId)
            .Union(db.Set<JournalEntry>().Where(j => j.RunId == run.Id && j.State != JournalState.Undone)
            .Select(j => j.StepId)).ToHashSetAsync(cancellation);
    }
}
