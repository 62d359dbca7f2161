using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Shared;

namespace Portal.Core.Audit;

/// <summary>
/// One change, who made it and when; chained to the one before by SHA-256 over <see cref="Canonical"/>.
/// </summary>
public sealed class AuditEvent : IOwned
{
    public long Number { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Entity reference of who did it.</summary>
    public required string Actor { get; init; }

    /// <summary>What was done, e.g. <c>environment.created</c>.</summary>
    public required string Action { get; init; }

    /// <summary>To what: an entity reference, or <c>run:…</c>, <c>environment:…</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>The owner of the subject, for filtering; null when it has none.</summary>
    public string? Owner { get; init; }

    /// <summary>One plain sentence for the Activity page.</summary>
    public required string Summary { get; init; }

    /// <summary>
    /// The <see cref="ReportedFact"/> of what was told from outside, to know it again; null for all else. Not hashed.
    /// </summary>
    public string? Topic { get; init; }
    public string? State { get; init; }

    /// <summary>
    /// The text that was hashed: a JSON object of all of the above but the fact, its keys in a fixed order, and the
    /// hash before.
    /// </summary>
    public required string Canonical { get; init; }

    public required string Hash { get; init; }
}

internal sealed class AuditEventMapping : IEntityTypeConfiguration<AuditEvent>
{
    public void Configure(EntityTypeBuilder<AuditEvent> builder)
    {
        builder.ToTable("audit_events").HasKey(e => e.Number);
        builder.Property(e => e.Number).UseIdentityAlwaysColumn();
        builder.HasIndex(e => e.Subject);
        builder.HasIndex(e => e.Owner);
        builder.HasIndex(e => e.At);
        builder.HasIndex(e => new { e.Topic, e.Number }).HasFilter("topic is not null");
    }
}
