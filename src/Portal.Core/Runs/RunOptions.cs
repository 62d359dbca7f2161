namespace Portal.Core.Runs;

/// <summary><c>Portal:Runs</c>.</summary>
public sealed class RunOptions
{
    public const string Section = "Portal:Runs";

    /// <summary>Runs executed at once by this process; 1 to 200.</summary>
    public int AtOnce { get; set; } = 10;

    /// <summary>
    /// Runs of one person that are executed at once, over all replicas (about); 1 to 1000. More wait for their turn.
    /// </summary>
    public int AtOncePerPerson { get; set; } = 20;

    /// <summary>
    /// How long a process that is asked to stop waits for calls to providers that are under way, in seconds; 0 to 300.
    /// </summary>
    public int DrainSeconds { get; set; } = 20;

    /// <summary>
    /// How long the secrets of a failed or cancelled run are kept for a retry, in hours; 0 to 720. Others are erased at
    /// the end.
    /// </summary>
    public int KeepSecretsHours { get; set; } = 24;
}
