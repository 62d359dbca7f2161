using Portal.Core.Catalog;

namespace Portal.Core.GoldenPaths.Runs.Execution;

internal readonly record struct JournalKey(string StepId, int Iteration, string Name);

/// <summary>What the journal of one run holds, in the hands of its executor.</summary>
internal sealed class RunJournal(IEnumerable<JournalEntry> entries, EntityRef? owner, RunOptions options, TimeProvider time)
{
    private readonly Dictionary<JournalKey, JournalEntry> known =
        entries.ToDictionary(e => new JournalKey(e.StepId, e.Iteration, e.Name));

    public EntityRef? Owner { get; } = owner;

    /// <summary>Of the workspace that the database holds.</summary>
    public int WorkspaceVersion { get; set; }

    public JournalEntry? Find(JournalKey key) => known.TryGetValue(key, out var entry) && entry.State != JournalState.Undone ? entry : null;

    public void Add(JournalKey key, JournalEntry entry) => known[key] = entry;

    public int NextOrder() => known.Count == 0 ? 1 : known.Values.Max(e => e.Order) + 1;

    /// <summary>While a predecessor's call may still be under way, what it does could be missed by a look.</summary>
    public async Task WaitForOpenCallAsync(JournalEntry intent, CancellationToken cancellation)
    {
        var left = intent.Deadline - time.GetUtcNow();
        if (options.WaitForOpenCalls && left > TimeSpan.Zero) await Task.Delay(left, time, cancellation);
    }
}
