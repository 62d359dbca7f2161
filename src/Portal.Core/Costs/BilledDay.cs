using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Shared;

namespace Portal.Core.Costs;

/// <summary>What a provider billed for one day, as it said last.</summary>
public sealed class BilledDay : IOwned
{
    public required string Provider { get; init; }

    /// <summary>UTC.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>What the provider books it on, e.g. a resource group.</summary>
    public required string Scope { get; init; }
    public required string Service { get; init; }

    /// <summary>ISO 4217.</summary>
    public required string Currency { get; init; }
    public required decimal Amount { get; set; }

    /// <summary>Null: not an environment of the portal's.</summary>
    public string? EnvironmentId { get; set; }

    /// <summary>Keys, of the environment when it was read.</summary>
    public string? Component { get; set; }
    public string? Owner { get; set; }
    public required DateTimeOffset ReadAt { get; set; }

    public Money Cost => new(Amount, Currency);
}

internal sealed class BilledDayMapping : IEntityTypeConfiguration<BilledDay>
{
    public void Configure(EntityTypeBuilder<BilledDay> builder)
    {
        builder.ToTable("billed_days").HasKey(b => new { b.Provider, b.Day, b.Scope, b.Service, b.Currency });
        builder.HasIndex(b => b.Day);
        builder.HasIndex(b => b.EnvironmentId);
        builder.Ignore(b => b.Cost);
    }
}
