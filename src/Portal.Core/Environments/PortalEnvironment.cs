using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Catalog;
using Portal.Core.Data;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Environments;

/// <summary>A running copy of a component: who asked for it, what it costs, what it runs, and when it ends.</summary>
public sealed class PortalEnvironment : IOwned
{
    /// <summary>
    /// Also its id at the provider: lower-case letters, digits and dashes, e.g. <c>orders-dev-k3f9x2</c>.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>Unique among the living environments of its component, e.g. <c>dev</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Key of the component, and of its owner when the environment was made.</summary>
    public required string Component { get; init; }
    public required string Owner { get; set; }

    /// <summary>dev, test, prod …</summary>
    public required string Type { get; init; }
    public required string Size { get; init; }
    public required string Provider { get; init; }

    /// <summary>
    /// The repository whose versions it gets; the name that it has now, <c>organisation/name</c>, and the instance that
    /// has it. The row may be left out for the one that has the name.
    /// </summary>
    public Guid? RepositoryId { get; init; }
    public required string Repository { get; init; }
    public string RepositoryProvider { get; init; } = "local";

    /// <summary>Null: the provider's first, or one that is adopted.</summary>
    public string? Definition { get; init; }

    /// <summary>
    /// The host's own id of what was there before the portal took it over; null for what the portal made.
    /// </summary>
    public string? AdoptedFrom { get; init; }

    /// <summary>Gets every version of the default branch whose pipeline passed.</summary>
    public bool FollowsDefaultBranch { get; init; } = true;

    public EnvironmentStatus Status { get; private set; } = EnvironmentStatus.Creating;
    public string? Url { get; private set; }
    public string? Commit { get; private set; }
    public string? PipelineRunId { get; private set; }
    public string? Message { get; private set; }
    public int Restarts { get; private set; }

    public string? Reason { get; init; }
    public required string CreatedBy { get; init; }
    public required Guid RunId { get; init; }
    public required decimal PricePerHour { get; init; }
    public required string Currency { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it is destroyed by itself; null = never.</summary>
    public DateTimeOffset? ExpiresAt { get; private set; }
    public DateTimeOffset? DestroyedAt { get; private set; }

    /// <summary>It was adopted and given back: it goes on running, without the portal.</summary>
    public bool IsReleased { get; private set; }

    /// <summary>"dev of orders".</summary>
    public string Title => $"{Name} of {EntityRef.Parse(Component).Name}";

    /// <summary>Made up, like all of the sample organisation: it runs nowhere.</summary>
    public bool IsSample => Provider == SampleOrganisation.Provider;

    /// <summary>It holds its machine: an unhealthy one does all the same.</summary>
    public bool Runs => Status is EnvironmentStatus.Running or EnvironmentStatus.Unhealthy;

    public Money MonthlyPrice => new Money(PricePerHour, Currency).PerMonth();

    /// <summary>It is about to be made by its run; nobody but that run may change it.</summary>
    public bool IsReserved { get; private set; }

    /// <summary>The intent to make it, before its host is asked.</summary>
    public void Reserve()
    {
        if (Status is not (EnvironmentStatus.Creating or EnvironmentStatus.Destroyed))
        {
            throw new InvalidOperationException($"Environment {Id} is there already.");
        }
        (IsReserved, Status, DestroyedAt, Message, IsReleased) = (true, EnvironmentStatus.Creating, null, null, false);
    }

    /// <summary>Its host has made it.</summary>
    public void Confirm() => IsReserved = false;

    /// <summary>Takes over what the host says. A destroyed environment stays destroyed, whatever comes late.</summary>
    public bool Follow(EnvironmentInfo info)
    {
        // Its end is told by who ends it, with its time and its record: see Destroy.
        if (Status == EnvironmentStatus.Destroyed || info.Status == EnvironmentStatus.Destroyed) return false;
        var before = (Status, Url, Commit, PipelineRunId, Message, Restarts);
        (Status, Url, Commit, PipelineRunId, Message, Restarts) =
            (info.Status, info.Url, info.Commit, info.PipelineRunId, info.Message, info.Restarts);
        return before != (Status, Url, Commit, PipelineRunId, Message, Restarts);
    }

    public void Fail(string message) => (Status, Message) = (EnvironmentStatus.Failed, message);

    public void Destroy(DateTimeOffset now)
    {
        if (Status == EnvironmentStatus.Destroyed)
        {
            throw new InvalidOperationException($"Environment {Id} is destroyed already.");
        }
        (Status, DestroyedAt, Url, Message) = (EnvironmentStatus.Destroyed, now, null, null);
    }

    /// <summary>Given back: the portal has nothing to do with it any more.</summary>
    public void Release(DateTimeOffset now)
    {
        if (AdoptedFrom is null)
        {
            throw new InvalidOperationException($"Environment {Id} was made by the portal; it cannot be given back.");
        }
        Destroy(now);
        (IsReleased, Message) = (true, "It was given back and goes on running, without the portal.");
    }

    /// <summary>Moves the end; null = no end.</summary>
    public void EndAt(DateTimeOffset? expiresAt) => ExpiresAt = expiresAt;
}

internal static class EnvironmentRows
{
    /// <summary>
    /// The row, so that until the transaction ends nobody else changes it: what a host tells by itself and what it
    /// answers to an operation come at the same time.
    /// </summary>
    public static Task<PortalEnvironment?> LockedEnvironmentAsync(
        this PortalDbContext db, string id, CancellationToken cancellation) =>
        db.Set<PortalEnvironment>().FromSql($"select * from environments where id = {id} for update")
            .SingleOrDefaultAsync(cancellation);
}

internal sealed class EnvironmentMapping
    : IEntityTypeConfiguration<PortalEnvironment>, IEntityTypeConfiguration<Deployment>
{
    public void Configure(EntityTypeBuilder<PortalEnvironment> builder)
    {
        builder.ToTable("environments").HasKey(e => e.Id);
        builder.Property(e => e.Status).HasConversion<string>();
        builder.HasIndex(e => new { e.Component, e.Name }).IsUnique().HasFilter("destroyed_at is null");
        builder.HasIndex(e => new { e.Provider, e.AdoptedFrom }).IsUnique()
            .HasFilter("destroyed_at is null and adopted_from is not null");
        builder.HasIndex(e => e.Repository);
        builder.HasIndex(e => e.RepositoryId);
        builder.Property(e => e.RepositoryId).ValueGeneratedOnAdd();
        builder.HasIndex(e => e.ExpiresAt);
        // Rows from before there was another provider.
        builder.Property(e => e.RepositoryProvider).HasDefaultValue("local");
        builder.Ignore(e => e.MonthlyPrice).Ignore(e => e.Title).Ignore(e => e.Runs).Ignore(e => e.IsSample);
        builder.Property(e => e.IsReleased).HasDefaultValue(false);
    }

    public void Configure(EntityTypeBuilder<Deployment> builder)
    {
        builder.ToTable("deployments").HasKey(d => d.Id);
        builder.Property(d => d.Status).HasConversion<string>();
        builder.Property(d => d.TryAgain).HasDefaultValue(false);
        builder.HasIndex(d => new { d.EnvironmentId, d.StartedAt });
        builder.HasIndex(d => new { d.EnvironmentId, d.PipelineRunId }).IsUnique();
    }
}
