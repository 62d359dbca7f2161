using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Shared;

namespace Portal.Core.Access;

/// <summary>A bearer token that acts for a person until its end. Only its SHA-256 is kept.</summary>
public sealed class AccessToken
{
    private const string Prefix = "portal_";

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required string Hash { get; init; }
    public required string Person { get; init; }

    /// <summary>
    /// The entity of the person when it was issued: who is made again later under the same name is another person. Null
    /// on tokens that a portal before this rule issued.
    /// </summary>
    public Guid? PersonId { get; init; }

    /// <summary>What its owner knows it by; may be empty.</summary>
    public string Name { get; init; } = "";

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>To some minutes; null = not yet.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    /// <summary>A new token: the row to store and the text to show once.</summary>
    public static (AccessToken Row, string Text) Create(
        EntityRef person, Guid? personId, string name, DateTimeOffset now, DateTimeOffset end)
    {
        var text = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        return (new AccessToken { Hash = HashOf(
            text), Person = person.ToString(), PersonId = personId, Name = name, CreatedAt = now, EndsAt = end }, text);
    }

    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

internal sealed class AccessTokenMapping : IEntityTypeConfiguration<AccessToken>
{
    public void Configure(EntityTypeBuilder<AccessToken> builder)
    {
        builder.ToTable("access_tokens").HasKey(t => t.Id);
        builder.HasIndex(t => t.Hash).IsUnique();
        builder.Property(t => t.Name).HasDefaultValue("");
        // A replica of the version before issues tokens without an end while both run: they get the usual one.
        builder.Property(t => t.EndsAt).HasDefaultValueSql("now() + interval '90 days'");
    }
}
