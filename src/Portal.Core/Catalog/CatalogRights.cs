using Portal.Core.Shared;

namespace Portal.Core.Catalog;

/// <summary>Entities that decide who may do what: people and teams.</summary>
internal static class CatalogRights
{
    /// <summary>What the portal itself brings: the sample organisation, people made for a token.</summary>
    private const string OwnScheme = "portal:";

    private static readonly string[] Kinds = ["user", "group"];

    public static bool Are(string kind) => Kinds.Contains(kind.ToLowerInvariant());

    public static bool IsTeam(string kind) => kind.Equals("group", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Null when they may come from there. Asked whoever registers them: an administrator who registers somebody's
    /// repository has not read whom that makes an administrator.
    /// </summary>
    public static Error? NotFromThere(EntityRef entity, RegisterDescriptor request, CatalogOptions options) =>
        request.Location.StartsWith(OwnScheme, StringComparison.Ordinal)
            || options.TakesPeopleFrom(request.Provider, request.Repository)
            ? null
            : CatalogErrors.PeopleFromElsewhere(entity, request);
}
