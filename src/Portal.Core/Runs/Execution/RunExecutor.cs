using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Data.Clocks;
using Portal.Core.Providers;
using Portal.Core.Replicas;
using Portal.Core.Runs.Actions;
using Portal.Core.Runs.Masking;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.Runs.Execution;

/// <summary>Takes a run and brings it, or its undoing, to its end from wherever an earlier attempt left it.</summary>
internal sealed class RunExecutor(
    IDbContextFactory<PortalDbContext> database, TakeRun take, StepWalk walk, TemplateTrees trees, People people, Authorise authorise,
    EffectRights rights, SecretBox secrets,
    EffectRegistry effects, RunRedactors redactors, CancelWatch cancels, ReplicaLease lease, Drain drain, TimeProvider time, IClocks clocks, ILogger<RunExecutor> log,
    IJournalFailPoints? failPoints = null)
{
    /// <summary>Status of the event which says that another holder died.</summary>
    private const string Recovered = "recovered";
    private const string PortalFault = "The portal made a mistake in this step; its log has the details. What was made so far is listed below.";
    private readonly ConcurrentDictionary<Guid, bool> running = new();

    /// <summary>One attempt. The run is over afterwards, or the answer says what has to come next.</summary>
    public async Task<Attempt> ExecuteAsync(Guid id, CancellationToken cancellation)
    {
        // A stop is heard at once, not when the scheduler has lost its patience with the job.
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, drain.Stopping);
        if (!running.TryAdd(id, true)) return new Attempt(AttemptEnd.Over);
        try
        {
            var (taken, otherwise) = await take.TakeAsync(id, linked.Token);
            return taken is null ? otherwise! : await AttemptAsync(taken, linked.Token);
        }
        catch (OperationCanceledException) when (linked.IsCancellationRequested)
        {
            // Not even taken yet: it stays as it was.
            return new Attempt(AttemptEnd.HandedOver);
        }
        catch (LostRunException)
        {
            RunTelemetry.Fenced();
            LetGo(id);
            return new Attempt(AttemptEnd.Over);
        }
        catch (Exception e) when (DatabaseTrouble.Is(e))
        {
            log.LogWarning("Run {Run} waits for the database: {Message}", id, e.Message);
            return new Attempt(AttemptEnd.Interrupted);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Not even its failure could be written. It must not stay held by a process that does nothing about it.
            log.LogError(e, "Run {Run} could not be brought to an end; it is taken up again", id);
            return new Attempt(AttemptEnd.Interrupted);
        }
        finally
        {
            running.TryRemove(id, out _);
        }
    }

    private async Task<Attempt> AttemptAsync(TakenRun taken, CancellationToken stopping)
    {
        var run = taken.Run;
        var given = secrets.Open(run.Secrets);
        var writer = NewWriter(run, redactors.Of(run));
        await using var attempt = new RunAttempt(taken, given, writer, lease.Hold(run.Id, run.Token), time, clocks, stopping, drain.Over);
        await using var watch = cancels.Watch(run.Id, attempt);
        using var activity = RunTelemetry.Start(run);
        var started = Stopwatch.GetTimestamp();
        try
        {
            return run.Status == RunStatus.Undoing ? await UndoAsync(attempt) : await WalkAsync(attempt);
        }
        catch (OperationCanceledException) when (attempt.IsLost)
        {
            LetGo(run.Id);
            return new Attempt(AttemptEnd.Interrupted);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested && !attempt.IsCancelled)
        {
            await attempt.HandOverAsync();
            return new Attempt(AttemptEnd.HandedOver);
        }
        finally
        {
            RunTelemetry.Attempted(Stopwatch.GetElapsedTime(started));
        }
    }

    private void LetGo(Guid run) => log.LogWarning("Run {Run} is no longer held by this replica; whoever holds it now goes on with it", run);

    private async Task<Attempt> WalkAsync(RunAttempt attempt)
    {
        var redactor = attempt.Writer.Redactor;
        var journal = JournalOf(attempt);
        var host = new ExecutingHost(attempt, journal, await AnswersAsync(attempt), failPoints, rights, lease.Incarnation, time);
        try
        {
            if (attempt.Run.Attempt > 1) attempt.Writer.Event(RunEventType.Log, null, "Taken up again where the last attempt stopped.", attempt.Taken.TakenOver ? Recovered : null);
            if (attempt.Run.CancelRequested) await attempt.CancelAsync();
            attempt.Work.ThrowIfCancellationRequested();
            var output = await walk.RunAsync(await InputAsync(attempt), host, attempt.Work);
            await attempt.CompleteAsync(redactor.RedactJson(JsonSerializer.Serialize(output, Json.Options))!);
        }
        catch (RunWaitsException waits)
        {
            await attempt.WaitAsync(waits.Within is { } span ? waits.Wait with { Until = await clocks.DatabaseAsync(CancellationToken.None) + span } : waits.Wait);
            return new Attempt(AttemptEnd.Waiting);
        }
        catch (OperationCanceledException) when (attempt.IsCancelled && !attempt.IsLost)
        {
            host.Abandon(SpecOf(attempt.Run), StepStatus.Cancelled);
            await attempt.EndCancelledAsync();
        }
        catch (Exception e) when (Expected(e) is { } message)
        {
            await attempt.FailAsync(redactor.Redact(message));
        }
        catch (Exception e) when (e is not LostRunException and not OperationCanceledException && !DatabaseTrouble.Is(e))
        {
            log.LogError("Run {Run} failed by a fault of the portal: {Fault}", attempt.Run.Id, redactor.Redact(e.ToString()));
            host.Abandon(SpecOf(attempt.Run), StepStatus.Failed);
            await attempt.FailAfterFaultAsync(PortalFault, NewWriter(attempt.Run, redactor));
        }
        return new Attempt(AttemptEnd.Over);
    }

    private async Task<Attempt> UndoAsync(RunAttempt attempt)
    {
        try
        {
            var actor = await people.ActorAsync(EntityRef.Parse(attempt.Run.UndoBy ?? attempt.Run.CreatedBy), attempt.Work);
            var undo = new UndoWalk(effects, attempt.Writer, JournalOf(attempt), failPoints, time);
            await undo.RunAsync(actor, attempt.Work, attempt.Calls);
            await attempt.EndUndoneAsync();
        }
        catch (ProviderException e)
        {
            await attempt.FailUndoAsync(attempt.Writer.Redactor.Redact(e.Message));
        }
        catch (Exception e) when (e is not LostRunException and not OperationCanceledException && !DatabaseTrouble.Is(e))
        {
            log.LogError("Undoing run {Run} failed by a fault of the portal: {Fault}", attempt.Run.Id, attempt.Writer.Redactor.Redact(e.ToString()));
            await attempt.FailUndoAsync("The portal made a mistake while undoing; its log has the details. What is left is listed below.");
        }
        return new Attempt(AttemptEnd.Over);
    }

    private RunWriter NewWriter(Run run, SecretRedactor redactor) => new(database, time, run.Id, run.Token, redactor);

    private RunJournal JournalOf(RunAttempt attempt) =>
        new(attempt.Taken.Journal, attempt.Owner, lease.Incarnation, time) { WorkspaceVersion = attempt.Taken.Workspace.Version };

    private async Task<List<RunSignal>> AnswersAsync(RunAttempt attempt)
    {
        if (attempt.Run.Attempt == 1) return [];
        await using var db = await database.CreateDbContextAsync(attempt.Work);
        return await db.Set<RunSignal>().AsNoTracking().Where(s => s.RunId == attempt.Run.Id).ToListAsync(attempt.Work);
    }

    private async Task<WalkInput> InputAsync(RunAttempt attempt)
    {
        var run = attempt.Run;
        var actor = await people.ActorAsync(EntityRef.Parse(run.ActsFor), attempt.Work);
        if (run.Template is not null && (await authorise.CheckAsync(actor, Permissions.TemplateRun, null, attempt.Work)).Error is { } refused)
            throw new ActionFailedException($"The run acts for {actor.Ref}, who may not run templates any more: {refused.Message}");
        var tree = run.TemplateTreeHash is { } hash ? await trees.FindAsync(hash, attempt.Work) : FileTree.Empty;
        if (tree is null) throw new ActionFailedException($"The files of this run's template ({run.TemplateTreeHash}) are not stored any more. Start a new run.");
        var values = JsonNode.Parse(run.Values)!.AsObject();
        var provenance = run.Template is null
            ? null
            : new RunProvenance(run.Template, run.TemplateSource ?? "", run.TemplateCommit, run.TemplateTreeHash ?? "", values.DeepClone().AsObject());
        return new WalkInput(
            run.Id, SpecOf(run), values, attempt.Secrets, actor, await people.DescriptorAsync(actor.Ref, attempt.Work), tree, provenance, attempt.Taken.Workspace,
            IsPlan: false);
    }

    private static RunSpec SpecOf(Run run) => JsonSerializer.Deserialize<RunSpec>(run.Spec, Json.Options)!;

    private static string? Expected(Exception e) => e switch
    {
        ActionFailedException or WorkspaceException or ProviderException => e.Message,
        Templating.TemplateException t => t.ToString(),
        _ => null,
    };
}
