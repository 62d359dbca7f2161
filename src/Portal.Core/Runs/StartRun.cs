using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Core.Runs.Actions;
using Portal.Core.Runs.Execution;
using Portal.Core.Runs.Masking;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.Runs;

/// <summary>What somebody wants to have done, complete and checked by the rules of whoever proposes it.</summary>
/// <param name="Title">What people read of it; secrets in it are masked.</param>
/// <param name="Values">Of the steps' expressions: data that is never rendered itself.</param>
public sealed record RunProposal(string Title, RunSpec Spec, JsonObject Values, EntityRef Owner)
{
    public JsonObject Secrets { get; init; } = [];

    /// <summary>
    /// As <see cref="Run.Subject"/>: where it is given, a second run of it is refused while one is under way.
    /// </summary>
    public string? Subject { get; init; }

    /// <summary>The template's version, and what stands beside its file; null for the portal's own steps.</summary>
    public RunTemplate? Template { get; init; }
}

/// <param name="Source">As in <see cref="RunProvenance"/>, and so is the commit.</param>
public sealed record RunTemplate(EntityRef Ref, string Source, string? Commit, FileTree Tree)
{
    public RunProvenance Provenance(JsonObject values) => new(Ref.Key, Source, Commit, Tree.Hash, values);
}

/// <summary>
/// The one way into change: plan, price, check; then the run is a row that somebody will execute, whatever crashes.
/// </summary>
public sealed class StartRun(
    IDbContextFactory<PortalDbContext> database, PlanRun plan, FreeNames checks, TemplateTrees trees, SecretBox secrets,
    RunScheduler scheduler, TimeProvider time)
{
    public async Task<Result<Guid>> ExecuteAsync(RunProposal proposal, Actor actor, CancellationToken cancellation)
    {
        if (RunErrors.SecretsTooLarge(proposal.Secrets) is { } tooLarge) return tooLarge;
        if (!(await plan.PlanAsync(proposal, actor, cancellation)).TryGet(out var planned, out var unplannable))
        {
            return unplannable;
        }
        if (!(await checks.CheckAsync(planned, proposal.Values, cancellation)).TryGet(out var names, out var taken))
        {
            return taken;
        }
        var template = proposal.Template;
        if (template is not null) await trees.StoreAsync(template.Tree, cancellation);
        var run = RunOf(proposal, planned, names, actor);
        if (await SaveAsync(run, proposal, actor, cancellation) is { } underWay) return underWay;
        // A crash before this line leaves a queued row, which the sweep schedules.
        await scheduler.ScheduleAsync(run.Id, CancellationToken.None);
        return run.Id;
    }

    private Run RunOf(RunProposal proposal, RunPlan planned, IReadOnlyList<string> names, Actor actor) => new()
    {
        Title = new SecretRedactor(proposal.Secrets).Redact(proposal.Title), Subject = proposal.Subject,
        Template = proposal.Template?.Ref.Key,
        TemplateSource = proposal.Template?.Source, TemplateCommit = proposal.Template?.Commit,
        TemplateTreeHash = proposal.Template?.Tree.Hash,
        Spec = JsonSerializer.Serialize(proposal.Spec, Json.Options), Values = proposal.Values.ToJsonString(),
        Secrets = secrets.Seal(proposal.Secrets), SecretNames = [.. proposal.Secrets.Select(s => s.Key)],
        PlanHash = planned.Hash, Names = [.. names],
        CreatedBy = actor.Ref.ToString(), Owner = proposal.Owner.Key, CreatedAt = time.Now(),
    };

    /// <returns>The conflict where another run of the same subject, or that takes the same name, is under
    /// way.</returns>
    private async Task<Error?> SaveAsync(Run run, RunProposal proposal, Actor actor, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (await NamesUnderWay.FindAsync(db, run, cancellation) is { } other)
        {
            return NamesUnderWay.Taken(run, other, proposal.Values);
        }
        db.Add(run);
        db.AddRange(proposal.Spec.Steps.Select((s, i) => new RunStep
        {
            RunId = run.Id, Position = i, StepId = s.Id, Name = s.Name, Action = s.Action,
        }));
        var started = new AuditEntry(
            actor, $"{run.AuditKind}.started", $"run:{run.Id}", $"Started {run.Title}", proposal.Owner);
        try
        {
            await db.SaveAuditedAsync(time, cancellation, started);
            await transaction.CommitAsync(cancellation);
            return null;
        }
        catch (DbUpdateException e) when (UnderWay.Is(e))
        {
            return await UnderWay.ErrorAsync(database, run.Subject!, cancellation);
        }
    }
}
