namespace Portal.Core.Entities;

/// <summary>The types of relations, in Backstage's words; each has its counterpart.</summary>
public static class Relations
{
    public const string OwnedBy = "ownedBy";
    public const string OwnerOf = "ownerOf";
    public const string PartOf = "partOf";
    public const string HasPart = "hasPart";
    public const string ProvidesApi = "providesApi";
    public const string ApiProvidedBy = "apiProvidedBy";
    public const string ConsumesApi = "consumesApi";
    public const string ApiConsumedBy = "apiConsumedBy";
    public const string DependsOn = "dependsOn";
    public const string DependencyOf = "dependencyOf";
    public const string MemberOf = "memberOf";
    public const string HasMember = "hasMember";
    public const string ChildOf = "childOf";
    public const string ParentOf = "parentOf";

    private static readonly (string, string)[] Pairs =
    [
        (OwnedBy, OwnerOf), (PartOf, HasPart), (ProvidesApi, ApiProvidedBy), (ConsumesApi, ApiConsumedBy),
        (DependsOn, DependencyOf),
        (MemberOf, HasMember), (ChildOf, ParentOf),
    ];

    public static string Counterpart(string type)
    {
        foreach (var (there, back) in Pairs)
        {
            if (type == there) return back;
            if (type == back) return there;
        }
        throw new ArgumentException($"'{type}' is not a relation.", nameof(type));
    }
}
