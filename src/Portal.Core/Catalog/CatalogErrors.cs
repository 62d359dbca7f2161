using Portal.Core.Shared;

namespace Portal.Core.Catalog;

public static class CatalogErrors
{
    public static Error PeopleFromElsewhere(EntityRef entity, RegisterDescriptor request) => Error.Forbidden(
        "people-source",
        $"{entity} is not taken from {request.Repository ?? request.Location}: people and teams come only from the repositories that are named in {CatalogOptions.Section}:PeopleSources.");
}
