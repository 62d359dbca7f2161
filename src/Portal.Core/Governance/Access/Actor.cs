using Portal.Core.Catalog;

namespace Portal.Core.Governance.Access;

/// <summary>Who asks: a person with the groups that they are a member of, directly or through a parent group.</summary>
public sealed record Actor(EntityRef Ref, string DisplayName, IReadOnlyList<EntityRef> Groups)
{
    /// <summary>The portal itself: sweeps, reconciles, deployments that follow a push.</summary>
    public static readonly Actor System = new(new EntityRef("system", EntityRef.DefaultNamespace, "portal"), "Portal", []);

    public bool Is(EntityRef reference) => Ref == reference || Groups.Contains(reference);
}
