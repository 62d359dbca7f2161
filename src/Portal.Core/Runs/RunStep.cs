using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Core.Runs;

public enum StepStatus { Waiting, Running, Completed, Skipped, Failed, Cancelled }

/// <summary>One step of a run as it went.</summary>
public sealed class RunStep
{
    public required Guid RunId { get; init; }

    /// <summary>From 0, in the order of the template.</summary>
    public required int Position { get; init; }
    public required string StepId { get; init; }
    public required string Name { get; init; }
    public required string Action { get; init; }
    public StepStatus Status { get; set; } = StepStatus.Waiting;
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>JSON object (an array of them after <c>each</c>); null until completed.</summary>
    public string? Output { get; set; }

    internal RunStep Copy() => (RunStep)MemberwiseClone();

    internal void TakeOver(RunStep other) =>
        (Status, StartedAt, FinishedAt, Output) = (other.Status, other.StartedAt, other.FinishedAt, other.Output);
}

/// <summary>
/// A line of a run's log, or a change of its or a step's status. Numbered per run, without gaps, from 1.
/// </summary>
public sealed class RunEvent
{
    public required Guid RunId { get; init; }
    public required long Number { get; init; }
    public required DateTimeOffset At { get; init; }
    public required RunEventType Type { get; init; }
    public string? StepId { get; init; }

    /// <summary>
    /// For <see cref="RunEventType.Status"/> the new status of the step, or of the run when there is no step. A log
    /// line that is more than a text says here what it is: <c>recovered</c>, another holder died and the run was taken
    /// up.
    /// </summary>
    public string? Status { get; init; }
    public required string Message { get; init; }
}

public enum RunEventType { Log, Warning, Error, Status }

/// <summary>
/// The workspace after the last step that changed it, so that a resumed run goes on from what it had.
/// </summary>
public sealed class RunWorkspace
{
    public required Guid RunId { get; init; }
    public required byte[] Archive { get; set; }
}

internal sealed class RunPartsMapping :
    IEntityTypeConfiguration<RunStep>, IEntityTypeConfiguration<RunEvent>, IEntityTypeConfiguration<RunWorkspace>
{
    public void Configure(EntityTypeBuilder<RunStep> builder)
    {
        builder.ToTable("run_steps").HasKey(s => new { s.RunId, s.Position });
        builder.Property(s => s.Status).HasConversion<string>();
        builder.Property(s => s.Output).HasColumnType("jsonb");
        builder.HasOne<Run>().WithMany().HasForeignKey(s => s.RunId);
    }

    public void Configure(EntityTypeBuilder<RunEvent> builder)
    {
        builder.ToTable("run_events").HasKey(e => new { e.RunId, e.Number });
        builder.Property(e => e.Type).HasConversion<string>();
        builder.HasOne<Run>().WithMany().HasForeignKey(e => e.RunId);
    }

    public void Configure(EntityTypeBuilder<RunWorkspace> builder)
    {
        builder.ToTable("run_workspaces").HasKey(w => w.RunId);
        builder.HasOne<Run>().WithMany().HasForeignKey(w => w.RunId);
    }
}
