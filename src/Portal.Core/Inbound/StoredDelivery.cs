using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Core.Inbound;

public enum DeliveryStatus { Received, Handled, Failed }

/// <summary>What a provider told over HTTP: kept before it is answered, worked off afterwards, once.</summary>
public sealed class StoredDelivery
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required string Provider { get; init; }

    /// <summary>The provider's own id of it: a second one with the same is a replay.</summary>
    public required string DeliveryId { get; init; }

    /// <summary>In the provider's words.</summary>
    public required string Event { get; init; }

    /// <summary>The body; emptied once it has been handled.</summary>
    public required string Payload { get; set; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public DeliveryStatus Status { get; private set; }
    public int Attempts { get; private set; }

    /// <summary>Why the last attempt failed; null otherwise.</summary>
    public string? Problem { get; private set; }

    /// <summary>Not before then is it tried again.</summary>
    public DateTimeOffset? NextAttemptAt { get; private set; }
    public DateTimeOffset? HandledAt { get; private set; }

    public void Handle(DateTimeOffset now) => (Status, HandledAt, NextAttemptAt, Problem, Payload, Attempts) =
        (DeliveryStatus.Handled, now, null, null, "", Attempts + 1);

    /// <summary>A failed one is worked off again, as if it had just come.</summary>
    public void TryAgain()
    {
        if (Status != DeliveryStatus.Failed)
        {
            throw new InvalidOperationException($"Delivery {DeliveryId} has not failed.");
        }
        (Status, Problem, NextAttemptAt, Attempts) = (DeliveryStatus.Received, null, null, 0);
    }

    /// <param name="again">When it is tried again; null = never.</param>
    public void Fail(string problem, DateTimeOffset? again) =>
        (Status, Problem, NextAttemptAt, Attempts) =
            (again is null ? DeliveryStatus.Failed : DeliveryStatus.Received, problem, again, Attempts + 1);
}

internal sealed class StoredDeliveryMapping : IEntityTypeConfiguration<StoredDelivery>
{
    public void Configure(EntityTypeBuilder<StoredDelivery> builder)
    {
        builder.ToTable("webhook_deliveries").HasKey(d => d.Id);
        builder.Property(d => d.Status).HasConversion<string>();
        builder.HasIndex(d => new { d.Provider, d.DeliveryId }).IsUnique();
        builder.HasIndex(d => new { d.Status, d.ReceivedAt });
    }
}
