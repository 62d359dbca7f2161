using Portal.Core.Entities;

namespace Portal.Web.Catalog;

/// <summary>Relations as headings of lists.</summary>
public static class RelationWords
{
    public static string Of(string type) => type switch
    {
        Relations.OwnedBy => "Owned by",
        Relations.OwnerOf => "Owns",
        Relations.PartOf => "Part of",
        Relations.HasPart => "Has parts",
        Relations.ProvidesApi => "Provides APIs",
        Relations.ApiProvidedBy => "Provided by",
        Relations.ConsumesApi => "Consumes APIs",
        Relations.ApiConsumedBy => "Consumed by",
        Relations.DependsOn => "Depends on",
        Relations.DependencyOf => "Needed by",
        Relations.MemberOf => "Member of",
        Relations.HasMember => "Members",
        Relations.ChildOf => "Part of group",
        Relations.ParentOf => "Groups within",
        _ => type,
    };
}
