using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Catalog;

namespace Portal.Core.Governance.Access;

/// <summary>A bearer token that acts for a person. Only its SHA-256 is kept.</summary>
public sealed class AccessToken
{
    private const string Prefix = "portal_";

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required string Hash { get; init; }
    public required string Person { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>A new token: the row to store and the text to show once.</summary>
    public static (AccessToken Row, string Text) Create(EntityRef person, DateTimeOffset now)
    {
        var text = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        return (new AccessToken { Hash = HashOf(text), Person = person.ToString(), CreatedAt = now }, text);
    }

    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

internal sealed class AccessTokenMapping : IEntityTypeConfiguration<AccessToken>
{
    public void Configure(EntityTypeBuilder<AccessToken> builder)
    {
        builder.ToTable("access_tokens").HasKey(t => t.Id);
        builder.HasIndex(t => t.Hash).IsUnique();
    }
}
