using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Shared;

namespace Portal.Core.Environments.Usage;

/// <summary>A stretch of time in which an environment ran at a price: what costs are worked out from.</summary>
public sealed class UsageInterval : IOwned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required string EnvironmentId { get; init; }
    public required string Component { get; init; }
    public required string Owner { get; init; }
    public required string Size { get; init; }
    public required decimal PricePerHour { get; init; }
    public required string Currency { get; init; }
    public required DateTimeOffset From { get; init; }

    /// <summary>Null while it runs.</summary>
    public DateTimeOffset? To { get; set; }

    /// <summary>
    /// What the part of the interval inside <paramref name="from"/>–<paramref name="to"/> costs, to the second.
    /// </summary>
    public Money Cost(DateTimeOffset from, DateTimeOffset to)
    {
        var start = From > from ? From : from;
        var end = To is { } ended && ended < to ? ended : to;
        var hours = end > start ? (decimal)(end - start).Ticks / TimeSpan.TicksPerHour : 0m;
        return new Money(PricePerHour * hours, Currency);
    }
}

internal sealed class UsageIntervalMapping : IEntityTypeConfiguration<UsageInterval>
{
    public void Configure(EntityTypeBuilder<UsageInterval> builder)
    {
        builder.ToTable("usage_intervals").HasKey(u => u.Id);
        builder.HasIndex(u => new { u.Component, u.From });
        builder.HasIndex(u => new { u.Owner, u.From });
        // Of a month: what ended after it began.
        builder.HasIndex(u => u.To);
        // One meter runs per environment, however often it is told that the environment runs.
        builder.HasIndex(u => u.EnvironmentId).IsUnique().HasFilter("\"to\" is null")
            .HasDatabaseName("ix_usage_intervals_running");
    }
}
