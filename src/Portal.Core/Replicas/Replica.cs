using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Core.Replicas;

/// <summary>
/// One life of one portal process. While it renews <see cref="SeenAt"/> nobody else may take what it holds.
/// </summary>
public sealed class Replica
{
    /// <summary>New with each start of the process.</summary>
    public required Guid Incarnation { get; init; }

    /// <summary>Its name among the replicas: the scheduler's instance id.</summary>
    public required string Name { get; init; }

    /// <summary>Machine, boot and process namespace: where <see cref="ProcessId"/> means something.</summary>
    public required string Host { get; init; }
    public required int ProcessId { get; init; }
    public required string Version { get; init; }
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>By the database's clock.</summary>
    public required DateTimeOffset SeenAt { get; set; }
}

internal sealed class ReplicaMapping : IEntityTypeConfiguration<Replica>
{
    public void Configure(EntityTypeBuilder<Replica> builder) => builder.ToTable("replicas").HasKey(r => r.Incarnation);
}
