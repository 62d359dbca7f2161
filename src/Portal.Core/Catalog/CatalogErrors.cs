using Portal.Core.Shared;

namespace Portal.Core.Catalog;

public static class CatalogErrors
{
    public static Error PeopleFromElsewhere(EntityRef entity, RegisterDescriptor request) => Error.Forbidden(
        "people-source",
        $"{entity} is not taken from {request.Repository ?? request.Location}: people and teams come only from the repositories that are named in {CatalogOptions.Section}:PeopleSources.");

    /// <summary>Discovery does not hand over to a repository what was read from another that had its name.</summary>
    public static Error OfAnotherRepository(EntityRef entity, RegisterDescriptor request) => Error.Conflict(
        "entity-of-another-repository",
        $"{entity} was read from another repository that was called {request.Repository} and is gone. "
        + "Who may change the entry registers it anew, or has it removed from the catalog.");
}
