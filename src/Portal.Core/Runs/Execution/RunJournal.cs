using Portal.Core.Shared;

namespace Portal.Core.Runs.Execution;

internal readonly record struct JournalKey(string StepId, int Iteration, string Name);

/// <summary>What the journal of one run holds, in the hands of its executor.</summary>
internal sealed class RunJournal(IEnumerable<JournalEntry> entries, EntityRef? owner, Guid holder, TimeProvider time)
{
    private readonly Dictionary<JournalKey, JournalEntry> known =
        entries.ToDictionary(e => new JournalKey(e.StepId, e.Iteration, e.Name));
    private bool settled;

    public EntityRef? Owner { get; } = owner;

    /// <summary>The incarnation that writes it now.</summary>
    public Guid Holder { get; } = holder;

    /// <summary>Of the workspace that the database holds.</summary>
    public int WorkspaceVersion { get; set; }

    /// <summary>Newest first: the order of undoing.</summary>
    public IReadOnlyList<JournalEntry> ToUndo =>
        [.. known.Values.Where(e => e.State != JournalState.Undone).OrderByDescending(e => e.Order)];

    public JournalEntry? Find(JournalKey key) =>
        known.TryGetValue(key, out var entry) && entry.State != JournalState.Undone ? entry : null;

    public void Add(JournalKey key, JournalEntry entry) => known[key] = entry;

    public void Remove(JournalKey key) => known.Remove(key);

    public int NextOrder() => known.Count == 0 ? 1 : known.Values.Max(e => e.Order) + 1;

    /// <summary>
    /// The caller of an open call is gone, but the other side may be at it still: what it does could be missed by a
    /// look. A run has one open call at most.
    /// </summary>
    public async Task SettleAsync(JournalEntry intent, TimeSpan settle, CancellationToken cancellation)
    {
        if (settled || intent.State != JournalState.Intent || intent.HeldBy == Holder) return;
        settled = true;
        await Task.Delay(settle, time, cancellation);
    }
}
