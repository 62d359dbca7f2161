
namespace Portal.Core.Shared;

/// <summary>Who asks: a person with the groups that they are a member of, directly or through a parent group.</summary>
public sealed record Actor(EntityRef Ref, string DisplayName, IReadOnlyList<EntityRef> Groups)
{
    /// <summary>The portal itself: sweeps, reconciles, deployments that follow a push.</summary>
    public static readonly Actor System = new(new EntityRef("system", EntityRef.DefaultNamespace, "portal"), "Portal", []);

    /// <summary>What is done goes beyond what the person may do by themselves: the portal does it, because of rights that it has asked for already.</summary>
    public bool HasPortalRights { get; init; }

    /// <summary>The portal does it with its own rights; the record names the person. Ask first for what the person needs to have it done.</summary>
    public Actor ByPortal() => this with { HasPortalRights = true };

    /// <summary>Of the person and of their groups: what they own has one of these as its owner.</summary>
    public IReadOnlyList<string> Keys => [Ref.Key, .. Groups.Select(g => g.Key)];

    public bool Is(EntityRef reference) => Ref == reference || Groups.Contains(reference);
}
