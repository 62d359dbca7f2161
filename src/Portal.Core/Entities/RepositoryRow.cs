using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Core.Entities;

/// <summary>
/// A repository. Whatever is of it refers to this row by <see cref="Id"/>; the names beside such a reference are the
/// database's copies of <see cref="Name"/> and follow it by a foreign key. A name is only what a host calls it for now:
/// another may have had it before, and another may get it next.
/// </summary>
public sealed class RepositoryRow
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required string Provider { get; init; }

    /// <summary>
    /// The host's own id, which it never gives to another; null where a host has none, or has not told it yet.
    /// </summary>
    public string? HostId { get; private set; }

    /// <summary>
    /// <c>organisation/name</c>, in the letters that the host writes. One living row of a provider has it.
    /// </summary>
    public required string Name { get; set; }

    /// <summary>What it was called before: hosts redirect from there until somebody else takes the name.</summary>
    public List<string> FormerNames { get; private set; } = [];

    /// <summary>The host's word for the name is from then; what is older says nothing about it.</summary>
    public DateTimeOffset NamedAt { get; private set; }

    public string DefaultBranch { get; private set; } = "";
    public string? HeadCommit { get; private set; }

    /// <summary>As the host has it; the catalog's entity goes before it.</summary>
    public string? Owner { get; private set; }
    public string? WebUrl { get; private set; }

    /// <summary>When the portal came to know it.</summary>
    public DateTimeOffset FirstSeenAt { get; init; }

    /// <summary>
    /// When the host was last looked at; <see cref="DateTimeOffset.UnixEpoch"/> = it has to be asked.
    /// </summary>
    public DateTimeOffset SeenAt { get; private set; } = DateTimeOffset.UnixEpoch;

    /// <summary>It was deleted then, or its name turned out to be another's; null while it is there.</summary>
    public DateTimeOffset? GoneAt { get; private set; }

    /// <summary>Its host said that it was deleted; without that it may be somewhere under another name.</summary>
    public bool IsDeleted { get; private set; }

    public bool IsCalled(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    public void See(RepositoryFacts facts, DateTimeOffset now) =>
        (DefaultBranch, HeadCommit, Owner, WebUrl, SeenAt) =
            (facts.DefaultBranch, facts.HeadCommit, facts.Owner ?? Owner, facts.WebUrl, now);

    /// <summary>The next who needs to know looks at the host.</summary>
    public void Doubt() => SeenAt = DateTimeOffset.UnixEpoch;

    public void Identify(string? hostId)
    {
        if (HostId is not null && hostId is not null && HostId != hostId)
        {
            throw new InvalidOperationException($"{Name} of {Provider} is {HostId}, not {hostId}.");
        }
        HostId ??= hostId;
    }

    /// <summary>The host calls it so since then. One that was gone is there again.</summary>
    public void Call(string name, DateTimeOffset at)
    {
        if (name != Name)
        {
            FormerNames = [.. FormerNames.Where(f => f != name && f != Name).TakeLast(MostFormerNames - 1), Name];
            Name = name;
        }
        (NamedAt, GoneAt, IsDeleted) = (at > NamedAt ? at : NamedAt, null, false);
    }

    /// <summary>Whether what was said then is older than what is known.</summary>
    public bool KnowsBetterThan(DateTimeOffset then) => then < NamedAt || (IsDeleted && then < GoneAt);

    /// <summary>Its name is another's.</summary>
    public void LoseName(DateTimeOffset at) => (GoneAt, SeenAt) = (GoneAt ?? at, DateTimeOffset.UnixEpoch);

    public void Delete(DateTimeOffset at) =>
        (GoneAt, IsDeleted, SeenAt) = (IsDeleted ? GoneAt : at, true, DateTimeOffset.UnixEpoch);

    private const int MostFormerNames = 20;
}

/// <summary>What a host tells of a repository beside its name and id.</summary>
public sealed record RepositoryFacts(string DefaultBranch, string? HeadCommit, string? Owner, string? WebUrl);

internal sealed class RepositoryRowMapping : IEntityTypeConfiguration<RepositoryRow>
{
    public void Configure(EntityTypeBuilder<RepositoryRow> builder)
    {
        // Not "repositories": the release before keeps there by name what it knows, and throws it away.
        builder.ToTable("known_repositories").HasKey(r => r.Id);
        builder.HasIndex(r => new { r.Provider, r.Name }).IsUnique().HasFilter("gone_at is null");
        builder.HasIndex(r => new { r.Provider, r.HostId }).IsUnique().HasFilter("host_id is not null");
        builder.HasIndex(r => r.FormerNames).HasMethod("gin");
    }
}
