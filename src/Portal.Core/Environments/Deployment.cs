namespace Portal.Core.Environments;

/// <summary>One version put into an environment, or the attempt.</summary>
public sealed class Deployment
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required string EnvironmentId { get; init; }
    public required string PipelineRunId { get; init; }
    public required string Commit { get; set; }
    public DeploymentStatus Status { get; private set; }
    public string? Message { get; private set; }
    public required string By { get; set; }
    public required DateTimeOffset StartedAt { get; set; }
    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>It failed through no fault of the version's: the portal may try it again by itself.</summary>
    public bool TryAgain { get; private set; }

    /// <summary>Another attempt, after one that failed, or was done before another version was.</summary>
    public void Begin(string by, DateTimeOffset now) =>
        (By, StartedAt, Status, Message, FinishedAt, TryAgain) = (by, now, DeploymentStatus.Running, null, null, false);

    public void Succeed(DateTimeOffset now) =>
        (Status, Message, FinishedAt, TryAgain) = (DeploymentStatus.Succeeded, null, now, false);

    public void Fail(string message, DateTimeOffset now, bool tryAgain = false) =>
        (Status, Message, FinishedAt, TryAgain) = (DeploymentStatus.Failed, message, now, tryAgain);
}

public enum DeploymentStatus { Running, Succeeded, Failed }
