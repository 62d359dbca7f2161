using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Portal.Core.Data;

namespace Portal.Web.Tests;

/// <summary>
/// Inside Portal.Core each room uses only those below it. Whoever needs an arrow upwards has found a thing that lives
/// too high.
/// </summary>
public sealed class FloorsTests
{
    /// <summary>From the lowest to the highest.</summary>
    private static readonly string[] Rooms =
    [
        "Shared", "Schema", "Data", "Replicas", "Entities", "Audit", "Providers", "Access", "Inbound", "Runs",
        "GoldenPaths", "Catalog", "TemplateTests",
        "Delivery", "Environments", "Costs", "Activities",
    ];

    private static readonly Lazy<Architecture> Core =
        new(() => new ArchLoader().LoadAssembly(typeof(PortalDbContext).Assembly).Build());

    [Fact]
    public void Rooms_UseOnlyThoseBelow()
    {
        var upwards = from type in Core.Value.Types
                      from dependency in type.Dependencies
                      let user = Room(type)
                      let used = Room(dependency.Target)
                      where user is not null && used is not null
                          && Array.IndexOf(Rooms, used) > Array.IndexOf(Rooms, user)
                      select $"{user} uses {used}: {type.Name} → {dependency.Target.Name}";

        Assert.Empty(upwards.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Rooms_AreAllOfThem()
    {
        var rooms = Core.Value.Types.Select(Room).OfType<string>().ToHashSet(StringComparer.Ordinal);

        Assert.Superset(new HashSet<string>(["Runs", "Catalog", "Environments"]), rooms);
        Assert.Empty(rooms.Except(Rooms));
    }

    /// <summary>Null for what is not Core's, and for what the compiler makes.</summary>
    private static string? Room(IType type)
    {
        const string prefix = "Portal.Core.";
        var name = type.Namespace?.FullName;
        return type is not GenericParameter && name is not null
            && name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..].Split('.')[0] : null;
    }
}
