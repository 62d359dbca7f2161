using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Catalog.Discovery;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.Core.Catalog;

/// <summary>
/// Which entities of a descriptor would be new, and the first that could not be registered: the name of a component is
/// one for the whole portal, whichever team and repository it is from.
/// </summary>
internal sealed class LookAtNames(
    PortalDbContext db, Authorise authorise, CatalogOptions options, RegisterDescriptor request, Actor actor)
{
    public async Task<NameLook> ExecuteAsync(IReadOnlyList<Descriptor> descriptors, CancellationToken cancellation)
    {
        var keys = descriptors.Select(d => d.Ref.Key).ToList();
        var known = await db.Set<CatalogEntity>().AsNoTracking().Where(e => keys.Contains(e.Key))
            .ToDictionaryAsync(e => e.Key, cancellation);
        var rules = new RegistrationRules(authorise, options, request, actor);
        var names = new List<string>();
        foreach (var entity in descriptors.Select(d => d.Ref))
        {
            var row = known.GetValueOrDefault(entity.Key);
            var refused = row is not null && !IsFromThere(row)
                ? RegistrationRules.Taken(entity, row)
                : await rules.RefusedAsync(entity, row, cancellation);
            if (refused is not null) return new NameLook(names, new TakenName([entity.Name], refused));
            if (row is null) names.Add($"entity {entity.Key}");
        }
        return new NameLook(names);
    }

    /// <summary>The same file of the same repository, by whatever address: a plan may not know the later one.</summary>
    private bool IsFromThere(CatalogEntity row) =>
        row.Location == request.Location || (request.Repository is { } repository
            && row.Provider == request.Provider
            && string.Equals(row.Repository, repository, StringComparison.OrdinalIgnoreCase)
            && row.RepositoryPath is { } path && path == DescriptorPlaces.PathIn(request.Location, repository));
}
