using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Core.Access;

/// <summary>Says that a role permits something.</summary>
public sealed class RolePermission
{
    public required string Role { get; init; }
    public required string Permission { get; init; }
}

/// <summary>Gives a role to a person, a group or everybody, everywhere or on what they own.</summary>
public sealed class RoleGrant
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>Key of a user or group, or <c>*</c> for everybody who is signed in.</summary>
    public required string Subject { get; init; }

    public required string Role { get; init; }

    /// <summary>
    /// <c>*</c> everywhere; <c>owned</c> where the person or a group of theirs is the owner; or the key of one owner.
    /// </summary>
    public required string Scope { get; init; }

    public const string Everybody = "*";
    public const string Everywhere = "*";
    public const string Owned = "owned";
}

internal sealed class RoleMapping : IEntityTypeConfiguration<RolePermission>, IEntityTypeConfiguration<RoleGrant>
{
    public void Configure(EntityTypeBuilder<RolePermission> builder)
    {
        builder.ToTable("role_permissions").HasKey(r => new { r.Role, r.Permission });
        builder.HasData(SeededRoles.Permissions);
    }

    public void Configure(EntityTypeBuilder<RoleGrant> builder)
    {
        builder.ToTable("role_grants").HasKey(r => r.Id);
        builder.HasIndex(r => new { r.Subject, r.Role, r.Scope }).IsUnique();
        builder.HasData(SeededRoles.Grants);
    }
}
