using Portal.Core.Access;
using Portal.Core.Entities;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.Core.Catalog;

/// <summary>Whether an entity may be registered: asked before a run makes anything, and when it does it.</summary>
internal sealed class RegistrationRules(
    Authorise authorise, CatalogOptions options, RegisterDescriptor request, Actor actor)
{
    /// <summary>Another file has the name.</summary>
    public static Error Taken(EntityRef entity, CatalogEntity row) => Error.Conflict(
        TakenNames.Entity,
        $"{entity} is in the catalog already, read from {row.Location}. Choose another name.");

    /// <summary>Null when this person may, from there.</summary>
    /// <param name="row">What the catalog has of that name; null when it is new.</param>
    public async Task<Error?> RefusedAsync(EntityRef entity, CatalogEntity? row, CancellationToken cancellation)
    {
        if (CatalogRights.Are(entity.Kind))
        {
            if (CatalogRights.NotFromThere(entity, request, options) is { } elsewhere) return elsewhere;
            if ((await authorise.CheckAsync(actor, Permissions.Administer, null, cancellation)).Error is { } notTheirs)
            {
                return notTheirs;
            }
        }
        if (row is null) return (await authorise.CheckAsync(actor, Permissions.TemplateRun, null, cancellation)).Error;
        var ownerBefore = EntityRef.Owner(row.Owner);
        return (await authorise.CheckAsync(actor, Permissions.CatalogChange, ownerBefore, cancellation)).Error;
    }
}
