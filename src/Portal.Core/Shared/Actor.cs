namespace Portal.Core.Shared;

/// <summary>What an <see cref="Actor"/> is. Nobody is not the portal, and the portal is no person.</summary>
public enum ActorKind { Nobody, Person, System }

/// <summary>
/// Who asks. What it is never changes: a copy of a person is that person, and there is one portal and one nobody.
/// </summary>
public sealed record Actor
{
    /// <summary>The portal itself: sweeps, reconciles, deployments that follow a push.</summary>
    public static readonly Actor System =
        new(ActorKind.System, new EntityRef("system", EntityRef.DefaultNamespace, "portal"), "Portal");

    /// <summary>Nobody is signed in: may do nothing, and stands on no record.</summary>
    public static readonly Actor Nobody =
        new(ActorKind.Nobody, new EntityRef("nobody", EntityRef.DefaultNamespace, "nobody"), "");

    /// <summary>A person with the groups that they are a member of, directly or through a parent group.</summary>
    /// <exception cref="ArgumentException">The reference is not one of a person.</exception>
    public Actor(EntityRef reference, string displayName, IReadOnlyList<EntityRef> groups)
        : this(ActorKind.Person, reference, displayName)
    {
        if (!CanBe(reference)) throw new ArgumentException($"{reference} is no person.", nameof(reference));
        Groups = groups;
    }

    private Actor(ActorKind kind, EntityRef reference, string displayName) =>
        (Kind, Ref, DisplayName) = (kind, reference, displayName);

    public ActorKind Kind { get; }

    public bool IsSystem => Kind == ActorKind.System;

    public bool IsNobody => Kind == ActorKind.Nobody;

    public EntityRef Ref { get; }

    public string DisplayName { get; init; }

    public IReadOnlyList<EntityRef> Groups { get; } = [];

    /// <summary>
    /// What is done goes beyond what the person may do by themselves: the portal does it, because of rights that it has
    /// asked for already.
    /// </summary>
    public bool HasPortalRights { get; private init; }

    /// <summary>
    /// The portal does it with its own rights; the record names the person. Ask first for what the person needs to have
    /// it done.
    /// </summary>
    public Actor ByPortal() =>
        IsNobody ? throw new InvalidOperationException("Nobody is signed in.") : this with { HasPortalRights = true };

    /// <summary>Of the person and of their groups: what they own has one of these as its owner.</summary>
    public IReadOnlyList<string> Keys => [Ref.Key, .. Groups.Select(g => g.Key)];

    public bool Is(EntityRef reference) => Ref == reference || Groups.Contains(reference);

    /// <summary>Whether the reference can be a person's: not what stands for the portal, or for nobody.</summary>
    public static bool CanBe(EntityRef reference) => reference.Kind.Equals("user", StringComparison.OrdinalIgnoreCase);
}
