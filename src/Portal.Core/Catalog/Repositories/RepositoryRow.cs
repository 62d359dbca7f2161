using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Providers;

namespace Portal.Core.Catalog.Repositories;

/// <summary>What the portal knows of a repository, so that it need not ask the host each time.</summary>
public sealed class RepositoryRow
{
    public required string Provider { get; init; }

    /// <summary><c>organisation/name</c>.</summary>
    public required string Name { get; init; }
    public string DefaultBranch { get; private set; } = "";
    public string? HeadCommit { get; private set; }

    /// <summary>As the host has it; the catalog's entity goes before it.</summary>
    public string? Owner { get; private set; }
    public string? WebUrl { get; private set; }

    /// <summary>When the host said so.</summary>
    public DateTimeOffset SeenAt { get; private set; }

    internal void See(Repository seen, DateTimeOffset now) =>
        (DefaultBranch, HeadCommit, Owner, WebUrl, SeenAt) = (seen.DefaultBranch, seen.HeadCommit, seen.Owner, seen.WebUrl, now);
}

internal sealed class RepositoryRowMapping : IEntityTypeConfiguration<RepositoryRow>
{
    public void Configure(EntityTypeBuilder<RepositoryRow> builder) => builder.ToTable("repositories").HasKey(r => new { r.Provider, r.Name });
}
