namespace Portal.Core.Runs.Execution;

/// <summary>How one attempt at executing a run ended, for whoever decides what comes next.</summary>
public enum AttemptEnd
{
    /// <summary>The run is over, or there is nothing to execute.</summary>
    Over,

    /// <summary>It waits for something and holds no worker.</summary>
    Waiting,

    /// <summary>Another replica holds it and may be alive for <see cref="Attempt.After"/> still.</summary>
    HeldElsewhere,

    /// <summary>Its person has as many runs going as one may; look again after <see cref="Attempt.After"/>.</summary>
    OverLimit,

    /// <summary>This process stops: any other may go on at once, and is told to by <see cref="Drain"/>.</summary>
    HandedOver,

    /// <summary>The database or the lease was lost: to be taken up again when it is back.</summary>
    Interrupted,
}

public sealed record Attempt(AttemptEnd End, TimeSpan After = default);
