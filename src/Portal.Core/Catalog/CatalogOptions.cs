namespace Portal.Core.Catalog;

/// <summary><c>Portal:Catalog</c>.</summary>
public sealed class CatalogOptions
{
    public const string Section = "Portal:Catalog";

    /// <summary>
    /// Repositories that people and teams are taken from, each as <c>instance/organisation/name</c>. Who is in which
    /// team is who may do what: whoever may change one of these files may give themselves any right.
    /// </summary>
    public List<string> PeopleSources { get; set; } = [];

    /// <summary>
    /// A file of people and teams (User and Group) in Backstage's format, read at start and when it changes. Relative
    /// to the working folder. Empty: none.
    /// </summary>
    public string PeopleFile { get; set; } = "";

    /// <summary>Whether people and teams are taken from there.</summary>
    public bool TakesPeopleFrom(string? provider, string? repository) =>
        provider is not null && repository is not null
            && PeopleSources.Contains($"{provider}/{repository}", StringComparer.OrdinalIgnoreCase);
}
