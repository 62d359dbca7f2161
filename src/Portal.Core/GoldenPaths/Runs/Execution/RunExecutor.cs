using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Core.Catalog;
using Portal.Core.Data;
using Portal.Core.GoldenPaths.Actions;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.GoldenPaths.Trees;
using Portal.Core.Governance.Access;
using Portal.Core.Governance.Audit;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.GoldenPaths.Runs.Execution;

/// <summary>Takes a run and brings it to its end, from wherever an earlier attempt left it.</summary>
public sealed class RunExecutor(
    IDbContextFactory<PortalDbContext> database, StepWalk walk, TemplateCatalogue templates, People people, SecretBox secrets, RunFeed feed,
    IOptions<RunOptions> options, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<RunExecutor> log)
{
    private readonly ConcurrentDictionary<Guid, bool> running = new();

    /// <summary>Returns when the run is over, was lost to another holder, or the process stops; then it is taken up again later.</summary>
    public async Task ExecuteAsync(Guid id, CancellationToken cancellation)
    {
        // A stop is heard at once, not when the scheduler has lost its patience with the job.
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lifetime.ApplicationStopping);
        var stopping = linked.Token;
        if (!running.TryAdd(id, true)) return;
        try
        {
            if (await TakeAsync(id, stopping) is { } taken) await WalkAsync(taken, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Not even taken yet: it stays as it was.
        }
        catch (LostRunException)
        {
            log.LogWarning("Run {Run} was taken over by another holder", id);
        }
        finally
        {
            running.TryRemove(id, out _);
        }
    }

    private async Task<TakenRun?> TakeAsync(Guid id, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var run = await db.Set<Run>().FromSql($"select * from runs where id = {id} for update").SingleOrDefaultAsync(cancellation);
        if (run is null || run.IsOver) return null;
        run.Take(Guid.Empty, time.Now());
        await db.SaveChangesAsync(cancellation);
        var steps = await db.Set<RunStep>().AsNoTracking().Where(s => s.RunId == id).ToDictionaryAsync(s => s.StepId, cancellation);
        // A first attempt has neither a journal nor a workspace.
        var first = run.Attempt == 1;
        var journal = first ? [] : await db.Set<JournalEntry>().AsNoTracking().Where(j => j.RunId == id).ToListAsync(cancellation);
        var archive = first ? null : await db.Set<RunWorkspace>().Where(w => w.RunId == id).Select(w => w.Archive).SingleOrDefaultAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return new TakenRun(run, steps, journal, archive is null ? new Workspace() : new Workspace(FileTree.FromArchive(archive)));
    }

    private async Task WalkAsync(TakenRun taken, CancellationToken stopping)
    {
        var run = taken.Run;
        var given = secrets.Open(run.Secrets);
        var redactor = new SecretRedactor(given);
        await using var writer = new RunWriter(database, time, run.Id, run.Token, redactor);
        EntityRef.TryParse(run.Owner, "group", out var owner);
        var journal = new RunJournal(taken.Journal, owner, options.Value, time) { WorkspaceVersion = taken.Workspace.Version };
        var host = new ExecutingHost(writer, journal, taken.Steps, taken.Workspace, redactor, time);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var watch = WatchForCancelAsync(run.Id, cancel, watching.Token);
        using var activity = RunTelemetry.Start(run);
        var started = Stopwatch.GetTimestamp();
        try
        {
            if (run.Attempt > 1) writer.Event(RunEventType.Log, null, "Taken up again where the last attempt stopped.");
            if (run.CancelRequested) await cancel.CancelAsync();
            cancel.Token.ThrowIfCancellationRequested();
            var output = await walk.RunAsync(await InputAsync(taken, given, cancel.Token), host, cancel.Token);
            var json = redactor.Redact(JsonSerializer.Serialize(output, Json.Options));
            await EndAsync(writer, "completed", "Completed.", r => r.Complete(json, time.Now()), run, owner);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The process stops: the run stays Running in the database and is taken up by the next start or another replica.
            await writer.FlushAsync(CancellationToken.None);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await EndAsync(writer, "cancelled", "Cancelled.", r => r.Cancel(time.Now()), run, owner);
        }
        catch (Exception e) when (Expected(e) is { } message)
        {
            var failure = redactor.Redact(message);
            await EndAsync(writer, "failed", failure, r => r.Fail(failure, time.Now()), run, owner);
        }
        catch (Exception e) when (e is not LostRunException and not DbUpdateException and not Npgsql.NpgsqlException)
        {
            log.LogError(e, "Run {Run} failed by a fault of the portal", run.Id);
            host.Abandon(JsonSerializer.Deserialize<RunSpec>(run.Spec, Json.Options)!);
            const string failure = "The portal made a mistake in this step; its log has the details. What was made so far is listed below.";
            await EndAsync(writer, "failed", failure, r => r.Fail(failure, time.Now()), run, owner);
        }
        finally
        {
            await watching.CancelAsync();
            await watch;
            RunTelemetry.Finished(Stopwatch.GetElapsedTime(started));
        }
    }

    private async Task<WalkInput> InputAsync(TakenRun taken, JsonObject given, CancellationToken cancellation)
    {
        var run = taken.Run;
        var actor = await people.ActorAsync(EntityRef.Parse(run.CreatedBy), cancellation);
        var tree = run.TemplateTreeHash is { } hash ? await templates.FindTreeAsync(hash, cancellation) : FileTree.Empty;
        if (tree is null) throw new ActionFailedException($"The files of this run's template ({run.TemplateTreeHash}) are not stored any more. Start a new run.");
        var values = JsonNode.Parse(run.Values)!.AsObject();
        var provenance = run.Template is null
            ? null
            : new RunProvenance(run.Template, run.TemplateSource ?? "", run.TemplateCommit, run.TemplateTreeHash ?? "", values.DeepClone().AsObject());
        var spec = JsonSerializer.Deserialize<RunSpec>(run.Spec, Json.Options)!;
        return new WalkInput(
            run.Id, spec, values, given, actor, await people.DescriptorAsync(actor.Ref, cancellation), tree, provenance, taken.Workspace, IsPlan: false);
    }

    private static async Task EndAsync(RunWriter writer, string status, string message, Action<Run> end, Run run, EntityRef? owner)
    {
        writer.Event(status == "failed" ? RunEventType.Error : RunEventType.Status, null, message, status);
        // The end is written whatever is being cancelled: a run that is over must say so.
        await writer.WriteAsync(
            (db, row) =>
            {
                end(row);
                return [new AuditEntry(Actor.System, $"run.{status}", $"run:{run.Id}", $"{run.Title}: {status}", owner)];
            },
            keepWorkspace: status == "failed", CancellationToken.None);
    }

    private async Task WatchForCancelAsync(Guid id, CancellationTokenSource cancel, CancellationToken done)
    {
        try
        {
            var first = true;
            await foreach (var _ in feed.CancelsAsync(id, done))
            {
                if (first)
                {
                    first = false;
                    continue;
                }
                await using var db = await database.CreateDbContextAsync(done);
                if (!await db.Set<Run>().Where(r => r.Id == id).Select(r => r.CancelRequested).SingleAsync(done)) continue;
                await cancel.CancelAsync();
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private static string? Expected(Exception e) => e switch
    {
        ActionFailedException or WorkspaceException or ProviderException => e.Message,
        Templating.TemplateException t => t.ToString(),
        _ => null,
    };

    private sealed record TakenRun(Run Run, Dictionary<string, RunStep> Steps, List<JournalEntry> Journal, Workspace Workspace);
}
