using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Core.Data.Clocks;

/// <summary>
/// What the database's clock said at an uptime of a machine, when both were last in step: so a jump is seen even if the
/// portal was down when it happened.
/// </summary>
public sealed class ClockAnchor
{
    public required string Boot { get; init; }
    public required DateTimeOffset DatabaseAt { get; set; }
    public required double UptimeSeconds { get; set; }

    /// <summary>Uptime from which on it is believed; null = it is.</summary>
    public double? BelievedFrom { get; set; }
}

internal sealed class ClockAnchorMapping : IEntityTypeConfiguration<ClockAnchor>
{
    public void Configure(EntityTypeBuilder<ClockAnchor> builder) =>
        builder.ToTable("clock_anchors").HasKey(a => a.Boot);
}
