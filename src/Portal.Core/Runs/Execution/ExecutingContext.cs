using Portal.Core.Runs.Actions;
using Portal.Core.Runs.Masking;

namespace Portal.Core.Runs.Execution;

/// <summary>The context of an action in a real run.</summary>
internal sealed class ExecutingContext(
    RunWriter writer, EffectCalls effects, RunWaits waits, StepSpec step, int iteration) : ActionContext
{
    public override void Log(string message, RunEventType level = RunEventType.Log) =>
        writer.Event(level, step.Id, message);

    public override Task<Applied<TResult>> ApplyAsync<TArgs, TResult>(
        IEffect<TArgs, TResult> effect, string provider, string name, TArgs args, CancellationToken cancellation)
    {
        var context = new EffectContext(
            EffectContext.IdOf(RunId, step.Id, iteration, name), RunId.ToString(), Actor, m => Log(m));
        return effects.ApplyAsync(
            effect, provider, new JournalKey(step.Id, iteration, name), args, context, Workspace, cancellation);
    }

    public override Task DemandAsync(IEnumerable<NeededRight> needs, CancellationToken cancellation) =>
        effects.DemandAsync(needs, Actor, cancellation);

    public override Task<RunSignal?> AwaitAsync(WaitRequest request, CancellationToken cancellation) =>
        writer.Redactor.Redact(string.Join('\n', [request.Event ?? "", .. request.Approvers])) is var shown
            && shown.Contains(SecretRedactor.Mask, StringComparison.Ordinal)
            ? throw new ActionFailedException(
                $"Step '{step.Id}': what is waited for, and who answers, stands on the run's page, so it may hold no secret.")
            : Task.FromResult<RunSignal?>(waits.Await(step.Id, iteration, request));
}
