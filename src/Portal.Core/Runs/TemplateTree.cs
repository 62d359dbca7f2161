using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Core.Runs;

/// <summary>
/// The whole folder of a template at one version, stored by its hash when first used, so that a run never reads the
/// folder again.
/// </summary>
public sealed class TemplateTree
{
    /// <summary><see cref="FileTree.Hash"/>.</summary>
    public required string Hash { get; init; }

    /// <summary><see cref="FileTree.ToArchive"/>.</summary>
    public required byte[] Archive { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class TemplateTreeMapping : IEntityTypeConfiguration<TemplateTree>
{
    public void Configure(EntityTypeBuilder<TemplateTree> builder) =>
        builder.ToTable("template_trees").HasKey(t => t.Hash);
}
