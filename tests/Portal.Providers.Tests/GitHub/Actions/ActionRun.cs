using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;
using Portal.TestKit.Fakes;

namespace Portal.Providers.Tests.GitHub.Actions;

/// <summary>
/// Runs actions as a run does: what was there before is noted, lost answers are looked for, and the journal alone
/// undoes it.
/// </summary>
internal sealed class ActionRun(Plans plans)
{
    private readonly Guid id = Guid.CreateVersion7();
    private int steps;

    public List<JournalEntry> Journal { get; } = [];

    public List<(string Message, RunEventType Level)> Lines { get; } = [];

    public Workspace Workspace { get; } = new();

    public string Mark => id.ToString();

    /// <returns>The outputs.</returns>
    public async Task<JsonObject> DoAsync(string action, JsonObject input)
    {
        var registered = plans.Get<ActionRegistry>().Find(action)!;
        Assert.Equal([], registered.Check(input));
        foreach (var name in registered.Obsolete(input).ToList()) input.Remove(name);
        var context = new Context(this, $"step{++steps}")
        {
            Input = input, Workspace = Workspace, Template = FileTree.Empty, RunId = id, Actor = Plans.Ada,
            Provenance = null, IsPlan = false,
        };
        await registered.Action.ExecuteAsync(context, CancellationToken.None);
        return context.Outputs;
    }

    public async Task<IReadOnlyList<UndoPreview>> PreviewAsync()
    {
        var previews = new List<UndoPreview>();
        foreach (var entry in Enumerable.Reverse(Journal))
        {
            previews.Add(await Effect(entry).PreviewUndoAsync(Of(entry), entry, CancellationToken.None));
        }
        return previews;
    }

    /// <summary>Newest first, twice each: a crash may come between the call and its note.</summary>
    public async Task UndoAsync()
    {
        foreach (var entry in Enumerable.Reverse(Journal))
        {
            await Effect(entry).UndoAsync(Of(entry), entry, CancellationToken.None);
            await Effect(entry).UndoAsync(Of(entry), entry, CancellationToken.None);
        }
    }

    /// <summary>As after a crash between the call and its note.</summary>
    public void ForgetResults()
    {
        var intents = Journal.Select(e => new JournalEntry
        {
            RunId = e.RunId, StepId = e.StepId, Iteration = 0, Name = e.Name, Order = e.Order, Kind = e.Kind,
            Version = e.Version, Provider = e.Provider, Arguments = e.Arguments,
            Summary = e.Summary, Before = e.Before, Deadline = e.Deadline, At = e.At,
        }).ToList();
        Journal.Clear();
        Journal.AddRange(intents);
    }

    private RegisteredEffect Effect(JournalEntry entry) => plans.Get<EffectRegistry>().Of(entry);

    private EffectContext Of(JournalEntry entry) => Of(entry.StepId, entry.Name) with { Before = entry.Before };

    private EffectContext Of(string step, string name) =>
        new($"{id:N}-{step}-0-{name}", Mark, Plans.Ada, m => Lines.Add((m, RunEventType.Log)));

    private sealed class Context(ActionRun run, string step) : ActionContext
    {
        public override void Log(string message, RunEventType level = RunEventType.Log) =>
            run.Lines.Add((message, level));

        public override async Task<Applied<TResult>> ApplyAsync<TArgs, TResult>(
            IEffect<TArgs, TResult> effect, string provider, string name, TArgs args, CancellationToken cancellation)
        {
            var context = run.Of(step, name);
            Assert.DoesNotContain(run.Journal, e => e.StepId == step && e.Name == name);
            var entry = new JournalEntry
            {
                RunId = run.id, StepId = step, Iteration = 0, Name = name, Order = run.Journal.Count,
                Kind = effect.Kind, Version = effect.Version, Provider = provider,
                Arguments = JsonSerializer.Serialize(args, Json.Options), Summary = effect.Describe(args).Summary,
                Before = await effect.BeforeAsync(context, args, cancellation),
                Deadline = DateTimeOffset.MaxValue, At = DateTimeOffset.UnixEpoch,
            };
            run.Journal.Add(entry);
            var result = await PerformAsync(effect, context, args, cancellation);
            var json = JsonSerializer.Serialize(result, Json.Options);
            entry.Finish(json);
            return new Applied<TResult>(
                JsonSerializer.Deserialize<TResult>(json, Json.Options), JsonNode.Parse(json)!.AsObject());
        }

        public override Task DemandAsync(IEnumerable<NeededRight> needs, CancellationToken cancellation) =>
            Task.CompletedTask;

        public override Task<RunSignal?> AwaitAsync(WaitRequest request, CancellationToken cancellation) =>
            throw new NotSupportedException();

        /// <summary>A call whose answer was lost is looked for, then made again.</summary>
        private static async Task<TResult> PerformAsync<TArgs, TResult>(
            IEffect<TArgs, TResult> effect, EffectContext context, TArgs args, CancellationToken cancellation)
            where TResult : class
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    if (attempt > 1 && effect.Class != EffectClass.Put
                        && await effect.FindAsync(context, args, cancellation) is { } found)
                    {
                        return found;
                    }
                    return await effect.PerformAsync(context, args, cancellation);
                }
                catch (ProviderException lost) when (lost.IsTransient && attempt < 4)
                {
                    await Task.Delay(50, cancellation);
                }
            }
        }
    }
}
