using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Shared;

namespace Portal.Core.Runs;

/// <summary>What a run can wait for without holding a worker.</summary>
public enum WaitKind
{
    /// <summary>Somebody other than who started the run says yes or no.</summary>
    Approval,

    /// <summary>Something outside happened: it is told over the API.</summary>
    Event,

    /// <summary>A point in time.</summary>
    Until,
}

/// <param name="Key">Step, iteration and name: what the answer is kept under.</param>
/// <param name="Title">What is asked or waited for, in one sentence.</param>
/// <param name="Approvers">Entity references of those who may answer, for <see cref="WaitKind.Approval"/>.</param>
/// <param name="Event">The name under which the event is told, for <see cref="WaitKind.Event"/>.</param>
/// <param name="Until">When it goes on at the latest; null = no limit.</param>
public sealed record RunWait(
    string Key, string StepId, WaitKind Kind, string Title, IReadOnlyList<string> Approvers, string? Event,
    DateTimeOffset? Until)
{
    /// <summary>
    /// Templates write approvers as they like ("platform", "group:default/Platform"); these can be compared.
    /// </summary>
    public string[] ApproverKeys() =>
        [.. Approvers.Select(a => EntityRef.TryParse(a, "group", out var approver) ? approver.Value.Key : null)
            .OfType<string>().Distinct(StringComparer.Ordinal)];
}

/// <summary>How a wait ended.</summary>
public enum WaitOutcome { Approved, Rejected, Received, Elapsed }

/// <summary>The answer to a <see cref="RunWait"/>; written once.</summary>
public sealed class RunSignal
{
    public required Guid RunId { get; init; }
    public required string Key { get; init; }
    public required WaitOutcome Outcome { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Entity reference of who answered; null for the clock.</summary>
    public string? By { get; init; }
    public string? Comment { get; init; }

    /// <summary>JSON that came with an event; null otherwise.</summary>
    public string? Data { get; init; }
}

internal sealed class RunSignalMapping : IEntityTypeConfiguration<RunSignal>
{
    public void Configure(EntityTypeBuilder<RunSignal> builder)
    {
        builder.ToTable("run_signals").HasKey(s => new { s.RunId, s.Key });
        builder.Property(s => s.Outcome).HasConversion<string>();
        builder.Property(s => s.Data).HasColumnType("jsonb");
        builder.HasOne<Run>().WithMany().HasForeignKey(s => s.RunId);
    }
}
