using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polly;
using Portal.Core.Audit;
using Portal.Core.Providers;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.Runs.Execution;

/// <summary>
/// The one way of a run to change the outside: intent → find → perform → result. A call whose outcome nobody knows is
/// looked for before it is made again, whoever made it.
/// </summary>
/// <param name="calls">
/// Ends calls that are under way: cancelled when somebody cancels the run or its holder loses it, not when the process
/// is asked to stop.
/// </param>
internal sealed class EffectCalls(
    RunWriter writer, RunJournal journal, EffectRights rights, IJournalFailPoints? failPoints, TimeProvider time,
    CancellationToken calls)
{
    public async Task<Applied<TResult>> ApplyAsync<TArgs, TResult>(
        IEffect<TArgs, TResult> effect, string provider, JournalKey key, TArgs args, EffectContext context,
        Workspace workspace,
        CancellationToken cancellation) where TResult : class
    {
        var earlier = journal.Find(key);
        if (earlier is { State: JournalState.Done }) return Reuse<TResult>(earlier.Result) with { FromEarlier = true };
        // Asked of what was only begun, too: the run may act for another person by now.
        await DemandAsync(effect.Needs(args), context.Actor, cancellation);
        if (earlier is null)
        {
            await ReachedAsync(JournalBoundary.BeforeIntent, context);
            await IntendAsync(effect, provider, key, args, context, workspace, cancellation);
            await ReachedAsync(JournalBoundary.AfterIntent, context);
        }
        else
        {
            await journal.SettleAsync(earlier, effect.Settle, cancellation);
        }
        TResult result;
        try
        {
            result = await CallAsync(effect, args, context, unresolved: earlier is not null);
        }
        catch (ProviderException refused) when (earlier is null && !refused.MayHaveHappened)
        {
            await WithdrawAsync(effect, key, args, context);
            throw;
        }
        await ReachedAsync(JournalBoundary.AfterCall, context);
        // From here on it has happened: the result is written even when the run was cancelled meanwhile.
        await FinishAsync(effect, key, args, result, context);
        await ReachedAsync(JournalBoundary.AfterResult, context);
        return Reuse<TResult>(JsonSerializer.Serialize(result, Json.Options));
    }

    /// <exception cref="ActionFailedException">The person may not.</exception>
    public async Task DemandAsync(IEnumerable<NeededRight> needs, Actor actor, CancellationToken cancellation)
    {
        if (await rights.RefusedAsync(needs, writer.RunId, actor, cancellation) is { } refused)
        {
            throw new ActionFailedException(refused.Message);
        }
    }

    private async Task IntendAsync<TArgs, TResult>(
        IEffect<TArgs, TResult> effect, string provider, JournalKey key, TArgs args, EffectContext context,
        Workspace workspace,
        CancellationToken cancellation)
    {
        var before = await effect.BeforeAsync(context, args, cancellation);
        var now = time.Now();
        var entry = new JournalEntry
        {
            RunId = writer.RunId, StepId = key.StepId, Iteration = key.Iteration, Name = key.Name,
            Order = journal.NextOrder(), Kind = effect.Kind,
            Version = effect.Version, Provider = provider, At = now, Deadline = now + effect.Deadline,
            HeldBy = journal.Holder, Before = writer.Redactor.RedactJson(before),
            Arguments = writer.Redactor.RedactJson(JsonSerializer.Serialize(args, Json.Options))!,
            Summary = writer.Redactor.Redact(effect.Describe(args).Summary),
        };
        if (workspace.Version != journal.WorkspaceVersion) writer.Workspace(workspace.Tree);
        await writer.WriteAsync((db, _) => { db.Add(entry); return []; }, keepWorkspace: true, cancellation);
        journal.WorkspaceVersion = workspace.Version;
        journal.Add(key, entry);
    }

    /// <summary>
    /// What was refused and is not there was never made: a retry with other values is not bound to it.
    /// </summary>
    private async Task WithdrawAsync<TArgs, TResult>(
        IEffect<TArgs, TResult> effect, JournalKey key, TArgs args, EffectContext context) where TResult : class
    {
        if (effect.Class == EffectClass.Put || await LookAsync(effect, args, context) is not null) return;
        var entry = journal.Find(key)!;
        await writer.WriteAsync(
            (db, _) => { db.Remove(entry); return []; }, keepWorkspace: true, CancellationToken.None);
        journal.Remove(key);
    }

    /// <summary>A look that fails counts as found: the intent stays, and the next attempt looks again.</summary>
    private async Task<object?> LookAsync<TArgs, TResult>(
        IEffect<TArgs, TResult> effect, TArgs args, EffectContext context) where TResult : class
    {
        try
        {
            return await effect.FindAsync(context, args, calls);
        }
        catch (ProviderException unknown)
        {
            return unknown;
        }
    }

    /// <param name="unresolved">It may have been made already, by an earlier attempt or by a call whose answer was
    /// lost.</param>
    private async Task<TResult> CallAsync<TArgs, TResult>(
        IEffect<TArgs, TResult> effect, TArgs args, EffectContext context, bool unresolved) where TResult : class
    {
        var pipeline = new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(
            Retries.Of(context.Log, effect.Describe(args).Summary, () => unresolved = true)).Build();
        return await pipeline.ExecuteAsync(async token =>
        {
            if (unresolved && await FindAsync(effect, args, context, token) is { } found) return found;
            try
            {
                return await PerformAsync(effect, args, context, token);
            }
            catch (ProviderException taken) when (taken.Error.Kind == ErrorKind.Conflict && unresolved)
            {
                // What the look came too early for stands in the way now: if it is ours, it is the result.
                if (await FindAsync(effect, args, context, token) is { } late) return late;
                throw;
            }
        }, calls);
    }

    private static async Task<TResult?> FindAsync<TArgs, TResult>(
        IEffect<TArgs, TResult> effect, TArgs args, EffectContext context, CancellationToken cancellation)
        where TResult : class
    {
        if (effect.Class == EffectClass.Put || await effect.FindAsync(context, args, cancellation) is not { } found)
        {
            return null;
        }
        context.Log($"{effect.Describe(args).Summary}: was made already, taken over.");
        RunTelemetry.Effect(effect.Kind, "found");
        return found;
    }

    private static async Task<TResult> PerformAsync<TArgs, TResult>(
        IEffect<TArgs, TResult> effect, TArgs args, EffectContext context,
        CancellationToken cancellation) where TResult : class
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(effect.Deadline);
        var started = Stopwatch.GetTimestamp();
        try
        {
            var result = await effect.PerformAsync(context, args, limit.Token);
            RunTelemetry.Effect(effect.Kind, "performed", Stopwatch.GetElapsedTime(started));
            return result;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ActionFailedException(
                $"{effect.Describe(args).Summary}: no answer within {effect.Deadline.TotalSeconds:0} seconds. Retry the run.");
        }
    }

    private async Task FinishAsync<TArgs, TResult>(
        IEffect<TArgs, TResult> effect, JournalKey key, TArgs args, TResult result,
        EffectContext context) where TResult : class
    {
        var entry = journal.Find(key)!;
        entry.Finish(writer.Redactor.RedactJson(JsonSerializer.Serialize(result, Json.Options)));
        var audit = new AuditEntry(
            context.Actor, effect.Kind, $"run:{writer.RunId}", writer.Redactor.Redact(effect.Describe(args).Past),
            journal.Owner);
        // What can be found again need not be on the disk before the run goes on; the next intent brings it there.
        await writer.WriteAsync(
            (db, _) => { db.Update(entry); return [audit]; }, keepWorkspace: true, CancellationToken.None,
            waitForDisk: effect.Class == EffectClass.Trigger);
    }

    private ValueTask ReachedAsync(JournalBoundary boundary, EffectContext context) =>
        failPoints is null ? default : failPoints.ReachedAsync(boundary, context.Id, calls);

    private static Applied<TResult> Reuse<TResult>(string? json) where TResult : class
    {
        var node = json is null ? null : JsonNode.Parse(json);
        return new Applied<TResult>(node.Deserialize<TResult>(Json.Options), node as JsonObject ?? []);
    }
}
