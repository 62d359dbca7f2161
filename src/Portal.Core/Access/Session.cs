using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Core.Access;

/// <summary>One sign-in of one browser. The browser's cookie carries a random key; here is only its SHA-256.</summary>
public sealed class Session
{
    /// <summary>The hash of the key.</summary>
    public required string Id { get; init; }

    public required string Person { get; init; }

    /// <summary>The entity of the person when they signed in: without it the session is over.</summary>
    public required Guid PersonId { get; init; }

    /// <summary>What the sign-in told about the person, encrypted.</summary>
    public required byte[] Ticket { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ends unless it is used; moves on with use.</summary>
    public required DateTimeOffset ExpiresAt { get; set; }

    /// <summary>When it ends however it is used.</summary>
    public required DateTimeOffset EndsAt { get; init; }
}

internal sealed class SessionMapping : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.ToTable("sessions").HasKey(s => s.Id);
        builder.HasIndex(s => s.ExpiresAt);
    }
}
