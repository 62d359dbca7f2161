using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Core.Access;

/// <summary>
/// Opens the first set-up to who reads the portal's log. Only its SHA-256 is kept; all go when there is an
/// administrator.
/// </summary>
public sealed class SetUpKey
{
    public required string Hash { get; init; }
    public required DateTimeOffset EndsAt { get; init; }
}

internal sealed class SetUpKeyMapping : IEntityTypeConfiguration<SetUpKey>
{
    public void Configure(EntityTypeBuilder<SetUpKey> builder) => builder.ToTable("set_up_keys").HasKey(k => k.Hash);
}
