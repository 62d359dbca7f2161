using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Core.GoldenPaths.Templates;

/// <summary>
/// A form that somebody is filling in: kept on the server so that a restart loses nothing typed. Holds no secrets.
/// </summary>
public sealed class Draft
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required string Person { get; init; }

    /// <summary>Key of the template.</summary>
    public required string Template { get; init; }

    /// <summary>
    /// The version that is reviewed; set when the review is shown, so that Create makes exactly that.
    /// </summary>
    public string? ReviewedTreeHash { get; set; }

    /// <summary>JSON object.</summary>
    public string Values { get; set; } = "{}";

    /// <summary>The page of the form, from 0.</summary>
    public int Page { get; set; }
    public required DateTimeOffset UpdatedAt { get; set; }
}

internal sealed class DraftMapping : IEntityTypeConfiguration<Draft>
{
    public void Configure(EntityTypeBuilder<Draft> builder)
    {
        builder.ToTable("drafts").HasKey(d => d.Id);
        builder.HasIndex(d => new { d.Person, d.Template });
        builder.Property(d => d.Values).HasColumnType("jsonb");
    }
}
