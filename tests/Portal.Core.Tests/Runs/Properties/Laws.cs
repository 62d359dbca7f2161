using Portal.Core.Runs;
using Portal.Core.Tests.Runs.Execution;

namespace Portal.Core.Tests.Runs.Properties;

/// <summary>What must be true of a run whatever happens to it.</summary>
internal sealed class Laws(RunBench bench, Guid id)
{
    /// <summary>Which status a run may say next, after which: an end is said once.</summary>
    private static readonly Dictionary<string, string[]> Next = new(StringComparer.Ordinal)
    {
        ["queued"] = ["completed", "failed", "cancelled"], ["completed"] = ["undoing"],
        ["failed"] = ["queued", "undoing"], ["cancelled"] = ["queued", "undoing"],
        ["undoing"] = ["undone", "undo-failed"], ["undo-failed"] = ["undoing"], ["undone"] = [],
    };

    private long token;

    public async Task CheckAsync(string story)
    {
        var view = await bench.ReadAsync(id);
        var events = await bench.EventsAsync(id);
        Holds(bench.World.Twice.Count == 0, "something was made twice");
        Holds(
            events.Select(e => e.Number).SequenceEqual(Enumerable.Range(1, events.Count).Select(n => (long)n)),
            "events are not numbered without gaps");
        Holds(view.Run.LastEvent == events.Count, "the row's number is not that of the last event");
        Holds(
            view.Run.Token >= token && view.Run.Token == view.Run.Attempt, "the token did not grow with each attempt");
        token = view.Run.Token;
        CheckStatuses(view.Run, [.. events.Where(
            e => e is { StepId: null, Status: not null, Type: not RunEventType.Log }).Select(e => e.Status!)]);
        CheckJournal(view);
        if (view.Run.IsOver) CheckEnd(view);

        void CheckStatuses(Run run, IReadOnlyList<string> said)
        {
            var now = "queued";
            foreach (var status in said)
            {
                Holds(Next[now].Contains(status), $"after '{now}' it said '{status}'");
                now = status;
            }
            var word = run.Status switch
            {
                RunStatus.UndoFailed => "undo-failed",
                RunStatus.Running => "queued",
                var s => s.ToString().ToLowerInvariant()
            };
            Holds(now == word, $"it is {run.Status} and said '{now}' last");
        }

        void CheckJournal(RunView v)
        {
            foreach (var entry in v.Changes)
            {
                var isMade = bench.World.Made.Contains(IdOf(entry));
                Holds(entry.State switch
                {
                    JournalState.Done => isMade || MayBeGone(v.Run),
                    JournalState.Undone => !isMade,
                    _ => true
                }, $"{entry.StepId} is {entry.State} and {(isMade ? "there" : "not there")}");
            }
            foreach (var made in bench.World.Made)
            {
                Holds(v.Changes.Any(c => IdOf(c) == made), $"{made} is there and not in the journal");
            }
        }

        void CheckEnd(RunView v)
        {
            Holds(v.Run.HeldBy is null, "it is over and somebody holds it");
            Holds(v.Steps.All(s => s.Status != StepStatus.Running), "it is over and a step is going on");
            if (v.Run.Status == RunStatus.Completed)
            {
                Holds(v.Steps.All(s => s.Status == StepStatus.Completed) && v.Changes.Count == v.Steps.Count
                    && v.Changes.All(c => c.State == JournalState.Done), "it is completed and something is not done");
            }
            Holds(v.Run.Status != RunStatus.Undone || (bench.World.Made.Count == 0
                && v.Changes.All(c => c.State == JournalState.Undone)), "it is undone and something is left");
        }

        void Holds(bool law, string broken) => Assert.True(
            law,
            $"{broken}: {story}\n{string.Join('\n', events.Select(e => $"{e.Number} {e.Type} {e.StepId} {e.Status} {e.Message}"))}");
    }

    /// <summary>Undoing may have died, or failed, after it had taken something away.</summary>
    private static bool MayBeGone(Run run) => run.Status is RunStatus.Undoing or RunStatus.UndoFailed;

    private string IdOf(JournalEntry entry) => $"{id:N}-{entry.StepId}-{entry.Iteration}-{entry.Name}";
}
