using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.GoldenPaths.Actions;
using Portal.Core.Governance.Audit;
using Portal.Core.Shared;

namespace Portal.Core.GoldenPaths.Runs.Execution;

/// <summary>The context of an action in a real run: effects go through the journal, intent → find → perform → result.</summary>
internal sealed class ExecutingContext(
    RunWriter writer, RunJournal journal, StepSpec step, int iteration, SecretRedactor redactor, TimeProvider time) : ActionContext
{
    public override void Log(string message, RunEventType level = RunEventType.Log) => writer.Event(level, step.Id, message);

    public override async Task<Applied<TResult>> ApplyAsync<TArgs, TResult>(
        IEffect<TArgs, TResult> effect, string provider, string name, TArgs args, CancellationToken cancellation)
    {
        var key = new JournalKey(step.Id, iteration, name);
        var context = new EffectContext($"{RunId:N}-{step.Id}-{iteration}-{name}", RunId.ToString(), Actor.Ref.ToString(), m => Log(m));
        var earlier = journal.Find(key);
        if (earlier is { State: JournalState.Done }) return Reuse<TResult>(earlier.Result) with { FromEarlier = true };

        TResult? result = null;
        if (earlier is null)
        {
            await IntendAsync(effect, provider, key, args, cancellation);
        }
        else if (effect.Class != EffectClass.Put)
        {
            await journal.WaitForOpenCallAsync(earlier, cancellation);
            result = await effect.FindAsync(context, args, cancellation);
            if (result is not null) Log($"{earlier.Summary}: made by an earlier attempt, taken over.");
        }
        result ??= await PerformAsync(effect, context, args, cancellation);
        // From here on it has happened: the result is written even when the run was cancelled meanwhile.
        await FinishAsync(effect, key, args, result);
        return Reuse<TResult>(JsonSerializer.Serialize(result, Json.Options));
    }

    private async Task IntendAsync<TArgs, TResult>(
        IEffect<TArgs, TResult> effect, string provider, JournalKey key, TArgs args, CancellationToken cancellation)
    {
        var now = time.Now();
        var entry = new JournalEntry
        {
            RunId = RunId, StepId = key.StepId, Iteration = key.Iteration, Name = key.Name, Order = journal.NextOrder(),
            Kind = effect.Kind, Version = effect.Version, Provider = provider, At = now, Deadline = now + effect.Deadline,
            Arguments = redactor.Redact(JsonSerializer.Serialize(args, Json.Options)), Summary = redactor.Redact(effect.Describe(args).Summary),
        };
        if (Workspace.Version != journal.WorkspaceVersion) writer.Workspace(Workspace.Tree);
        await writer.WriteAsync((db, _) => { db.Add(entry); return []; }, keepWorkspace: true, cancellation);
        journal.WorkspaceVersion = Workspace.Version;
        journal.Add(key, entry);
    }

    private static async Task<TResult> PerformAsync<TArgs, TResult>(
        IEffect<TArgs, TResult> effect, EffectContext context, TArgs args, CancellationToken cancellation) where TResult : class
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(effect.Deadline);
        try
        {
            return await effect.PerformAsync(context, args, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ActionFailedException($"{effect.Describe(args).Summary}: no answer within {effect.Deadline.TotalSeconds:0} seconds. Retry the run.");
        }
    }

    private async Task FinishAsync<TArgs, TResult>(IEffect<TArgs, TResult> effect, JournalKey key, TArgs args, TResult result) where TResult : class
    {
        var entry = journal.Find(key)!;
        entry.Finish(redactor.RedactJson(JsonSerializer.Serialize(result, Json.Options)));
        var planned = effect.Describe(args);
        var audit = new AuditEntry(Actor, $"{effect.Kind}", $"run:{RunId}", redactor.Redact(planned.Past), journal.Owner);
        await writer.WriteAsync((db, _) => { db.Update(entry); return [audit]; }, keepWorkspace: true, CancellationToken.None);
    }

    private static Applied<TResult> Reuse<TResult>(string? json) where TResult : class
    {
        var node = json is null ? null : JsonNode.Parse(json);
        return new Applied<TResult>(node.Deserialize<TResult>(Json.Options), node as JsonObject ?? []);
    }
}
