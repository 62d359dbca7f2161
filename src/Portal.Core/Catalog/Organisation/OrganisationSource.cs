using Portal.Core.Access;
using Portal.Core.Entities;

namespace Portal.Core.Catalog.Organisation;

/// <summary>Where a team or a person is from, and with that where they are changed.</summary>
public static class OrganisationSource
{
    /// <summary>Location of teams and people that were made in the portal.</summary>
    public const string Portal = "portal:people";

    /// <summary>Location of those that <c>Portal:Catalog:PeopleFile</c> describes.</summary>
    public const string File = "portal:people-file";

    private const string OwnScheme = "portal:";

    /// <summary>Changed in the portal: made there, or part of the sample organisation.</summary>
    public static bool IsPortal(string location) =>
        location.StartsWith(OwnScheme, StringComparison.Ordinal) && location != File;

    /// <summary>What may become the file's: it was made here, and is no part of the sample.</summary>
    internal static bool MayMove(CatalogEntity row) => IsPortal(row.Location) && !row.IsSample;

    /// <summary>A sentence without its full stop: where the descriptor is, and to change it there.</summary>
    public static string Of(string location) => location switch
    {
        File => $"the file of {CatalogOptions.Section}:{nameof(CatalogOptions.PeopleFile)} describes it, change it there",
        ['u', 'r', 'l', ':', .. var url] => $"its descriptor is {url}, change it there",
        SampleOrganisation.Location => "it is part of the sample organisation",
        People.MadeForToken => "it was made for a token",
        _ when IsPortal(location) => "it was made in the portal",
        _ => $"its descriptor is {location}, change it there",
    };
}
