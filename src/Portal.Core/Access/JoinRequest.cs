using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Entities;

namespace Portal.Core.Access;

/// <summary>A person asks to be let into a team. Goes with its person and team; the record keeps what was.</summary>
public sealed class JoinRequest
{
    public const int LongestMessage = 500;

    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>The entities as they were when it was asked: who comes later under the same name is another.</summary>
    public required Guid TeamId { get; init; }
    public required Guid PersonId { get; init; }

    /// <summary>Why; may be empty.</summary>
    public string Message { get; init; } = "";

    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>Null while nobody has answered.</summary>
    public DateTimeOffset? AnsweredAt { get; private set; }
    public string? AnsweredBy { get; private set; }
    public bool? IsAccepted { get; private set; }

    /// <exception cref="InvalidOperationException">It is answered already.</exception>
    public void Answer(bool accept, string by, DateTimeOffset at)
    {
        if (AnsweredAt is not null) throw new InvalidOperationException($"Join request {Id} is answered already.");
        (IsAccepted, AnsweredBy, AnsweredAt) = (accept, by, at);
    }
}

internal sealed class JoinRequestMapping : IEntityTypeConfiguration<JoinRequest>
{
    public void Configure(EntityTypeBuilder<JoinRequest> builder)
    {
        builder.ToTable("join_requests").HasKey(r => r.Id);
        builder.HasIndex(r => new { r.TeamId, r.PersonId }).IsUnique().HasFilter("answered_at is null");
        builder.HasIndex(r => r.PersonId);
        builder.HasOne<CatalogEntity>().WithMany().HasForeignKey(r => r.TeamId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<CatalogEntity>().WithMany().HasForeignKey(r => r.PersonId).OnDelete(DeleteBehavior.Cascade);
    }
}
