namespace Portal.Core.Runs.Execution;

/// <summary>Where a process may die and what then must not matter.</summary>
public enum JournalBoundary
{
    BeforeIntent,
    AfterIntent,

    /// <summary>The provider has done it; the journal does not say so yet.</summary>
    AfterCall,
    AfterResult,
    BeforeUndo,

    /// <summary>The provider has taken it away; the journal does not say so yet.</summary>
    AfterUndoCall,
    AfterUndoResult,
}

/// <summary>
/// Called at each boundary of the journal. Nothing implements it but the hosts of tests, which die there.
/// </summary>
public interface IJournalFailPoints
{
    /// <param name="effect">The effect's id: run, step, iteration, name.</param>
    ValueTask ReachedAsync(JournalBoundary boundary, string effect, CancellationToken cancellation);
}
