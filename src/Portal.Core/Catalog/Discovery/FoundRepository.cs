using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Catalog.Discovery;

/// <summary>A repository that discovery saw at a provider, whether the catalog has something of it or not.</summary>
public sealed class FoundRepository : IOfRepository
{
    public required string Provider { get; init; }

    /// <summary><c>organisation/name</c>: a copy of the row's, which follows it.</summary>
    public required string Repository { get; init; }
    public Guid? RepositoryId { get; init; }
    public required string WebUrl { get; set; }
    public required string DefaultBranch { get; set; }
    public string? Description { get; set; }
    public bool IsArchived { get; set; }
    public string? HeadCommit { get; set; }

    /// <summary>Null: it has no descriptor.</summary>
    public string? DescriptorPath { get; set; }

    /// <summary>Why its descriptor is not in the catalog; null when it is, or when there is none.</summary>
    public string? Problem { get; set; }

    /// <summary>Slug of a team, or login; null when the provider gave no hint.</summary>
    public string? ProposedOwner { get; set; }
    public bool ProposedOwnerIsTeam { get; set; }
    public string? ProposedOwnerReason { get; set; }

    /// <summary>The pull request that adds a descriptor; null when none was opened.</summary>
    public string? PullRequestUrl { get; set; }
    public required DateTimeOffset SeenAt { get; set; }

    /// <summary>Takes over what the provider says of it.</summary>
    internal void See(DiscoveredRepository seen, DateTimeOffset now)
    {
        (WebUrl, DefaultBranch, Description, IsArchived) =
            (seen.WebUrl, seen.DefaultBranch, seen.Description, seen.IsArchived);
        (HeadCommit, DescriptorPath, SeenAt) = (seen.HeadCommit, seen.DescriptorPath, now);
        (ProposedOwner, ProposedOwnerIsTeam, ProposedOwnerReason) =
            (seen.ProposedOwner?.Name, seen.ProposedOwner?.IsTeam ?? false, seen.ProposedOwner?.Reason);
    }
}

internal sealed class FoundRepositoryMapping : IEntityTypeConfiguration<FoundRepository>
{
    public void Configure(EntityTypeBuilder<FoundRepository> builder)
    {
        builder.ToTable("found_repositories").HasKey(r => new { r.Provider, r.Repository });
        builder.HasIndex(r => r.RepositoryId);
        builder.Property(r => r.RepositoryId).ValueGeneratedOnAdd();
    }
}
