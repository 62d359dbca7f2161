using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Core.Runs;

public enum JournalState
{
    /// <summary>About to be done; whether it was, only the outside knows.</summary>
    Intent,
    Done,
    Undone,
}

/// <summary>One effect of a run: what is about to change or has changed outside the portal.</summary>
public sealed class JournalEntry
{
    public required Guid RunId { get; init; }

    /// <summary>Step, iteration of <c>each</c> (0 without) and name: unique in the run.</summary>
    public required string StepId { get; init; }
    public required int Iteration { get; init; }
    public required string Name { get; init; }

    /// <summary>Order in which the intents were written, for undo.</summary>
    public required int Order { get; init; }

    /// <summary>The registered kind and its version, e.g. <c>repository.create</c>, 1.</summary>
    public required string Kind { get; init; }
    public required int Version { get; init; }
    public required string Provider { get; init; }

    /// <summary>JSON.</summary>
    public required string Arguments { get; init; }

    /// <summary>One sentence for people: "Repository team-a/orders".</summary>
    public required string Summary { get; init; }
    public JournalState State { get; private set; } = JournalState.Intent;

    /// <summary>JSON; null is a result too, so <see cref="State"/> tells whether it is done.</summary>
    public string? Result { get; private set; }

    /// <summary>JSON of what was there before, for a change to something that existed.</summary>
    public string? Before { get; init; }

    /// <summary>When the call is given up at the latest.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>Incarnation of the replica that wrote the intent; null in entries of older versions.</summary>
    public Guid? HeldBy { get; init; }
    public required DateTimeOffset At { get; init; }

    public void Finish(string? result)
    {
        if (State != JournalState.Intent) throw new InvalidOperationException($"{Kind} {Name} is {State}.");
        (State, Result) = (JournalState.Done, result);
    }

    public void MarkUndone()
    {
        if (State == JournalState.Undone) throw new InvalidOperationException($"{Kind} {Name} is undone already.");
        State = JournalState.Undone;
    }
}

internal sealed class JournalMapping : IEntityTypeConfiguration<JournalEntry>
{
    public void Configure(EntityTypeBuilder<JournalEntry> builder)
    {
        builder.ToTable("journal").HasKey(j => new { j.RunId, j.StepId, j.Iteration, j.Name });
        builder.Property(j => j.State).HasConversion<string>();
        builder.Property(j => j.Arguments).HasColumnType("jsonb");
        builder.Property(j => j.Result).HasColumnType("jsonb");
        builder.Property(j => j.Before).HasColumnType("jsonb");
        builder.HasOne<Run>().WithMany().HasForeignKey(j => j.RunId);
    }
}
