using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Core.Entities;

/// <summary>
/// The text of a descriptor file, once, however many entities it describes. Only who shows it loads it.
/// </summary>
public sealed class DescriptorFile
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required string Text { get; init; }

    /// <summary>SHA-256 of the text.</summary>
    public required string Hash { get; init; }

    /// <summary>Paths that it takes texts from (<c>$text</c>); null where that was never looked up.</summary>
    public List<string>? Includes { get; set; }

    internal static string HashOf(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

internal sealed class DescriptorFileMapping : IEntityTypeConfiguration<DescriptorFile>
{
    public void Configure(EntityTypeBuilder<DescriptorFile> builder)
    {
        builder.ToTable("descriptor_files").HasKey(f => f.Id);
        builder.HasMany<CatalogEntity>().WithOne().HasForeignKey(e => e.FileId).OnDelete(DeleteBehavior.SetNull);
    }
}
