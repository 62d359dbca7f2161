using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Core.Environments.Comparing;

/// <summary>
/// Something that a host has and the portal does not know, or the other way round. Nobody removes it but a person.
/// </summary>
public sealed class HostDifference
{
    public required string Provider { get; init; }

    /// <summary><c>environment</c> or <c>repository</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The host's id or name of it.</summary>
    public required string Name { get; init; }

    /// <summary>One or two sentences: what is so, and what to do.</summary>
    public required string Message { get; set; }

    /// <summary>By the database's clock.</summary>
    public required DateTimeOffset FoundAt { get; init; }
    public required DateTimeOffset SeenAt { get; set; }
}

internal sealed class HostDifferenceMapping : IEntityTypeConfiguration<HostDifference>
{
    public void Configure(EntityTypeBuilder<HostDifference> builder) =>
        builder.ToTable("host_differences").HasKey(d => new { d.Provider, d.Kind, d.Name });
}
