namespace Portal.Core.GoldenPaths.Runs;

/// <summary><c>Portal:Runs</c>.</summary>
public sealed class RunOptions
{
    public const string Section = "Portal:Runs";

    /// <summary>Runs executed at once by this process; 1 to 200.</summary>
    public int AtOnce { get; set; } = 10;

    /// <summary>
    /// Whether a run that is taken over waits until the deadline of its predecessor's open call before it looks what that call did.
    /// Needed where another replica may still be alive; with a private database there is none.
    /// </summary>
    public bool WaitForOpenCalls { get; set; }

    /// <summary>Name of this process among the replicas; unique among those that run at once.</summary>
    public string Replica { get; set; } = "portal";
}
