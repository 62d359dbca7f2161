using Portal.Core.Runs.Execution;

namespace Portal.Core.Tests.Runs.Properties;

/// <summary>What happens to a run, one thing after the other.</summary>
/// <param name="At">Which of the places that it can happen at, from 1; one that is never reached does not
/// happen.</param>
public abstract record Happening(int At)
{
    /// <summary>An attempt, or one at undoing, whose process dies there; another takes over.</summary>
    public sealed record Death(JournalBoundary Boundary, int At) : Happening(At);

    /// <summary>
    /// An attempt whose call fails; the portal makes it again by itself when the trouble is transient.
    /// </summary>
    public sealed record Failure(bool Transient, bool AfterTheWork, int At) : Happening(At);

    /// <summary>An attempt that somebody cancels inside the call.</summary>
    public sealed record CancelInside(bool AfterTheWork, int At) : Happening(At);

    /// <summary>An attempt that loses the run to another replica inside the call.</summary>
    public sealed record Robbery(bool AfterTheWork, int At) : Happening(At);

    /// <summary>An attempt at undoing whose call fails for good, before or after the thing is gone.</summary>
    public sealed record UndoFailure(bool AfterTheWork, int At) : Happening(At);

    /// <summary>An attempt without trouble.</summary>
    public sealed record Attempt() : Happening(1);

    /// <summary>Asked while nobody executes it; refused where it is not possible.</summary>
    public sealed record Ask(Wish Wish) : Happening(1);
}

public enum Wish { Cancel, Retry, Undo }

/// <param name="Steps">1 to 4, one effect each.</param>
public sealed record Story(int Steps, IReadOnlyList<Happening> Happenings)
{
    public override string ToString() => $"{Steps} steps: {string.Join("; ", Happenings)}";
}
