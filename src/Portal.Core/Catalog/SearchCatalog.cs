using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Shared;

namespace Portal.Core.Catalog;

/// <param name="Words">Tags and description.</param>
public sealed record EntityCandidate(EntityRef Ref, string? Title, string? Owner, string Words);

/// <summary>The entities that somebody who is still typing may mean.</summary>
public sealed class SearchCatalog(IDbContextFactory<PortalDbContext> database, Authorise authorise)
{
    /// <param name="enough">How many are shown.</param>
    public async Task<IReadOnlyList<EntityCandidate>> CandidatesAsync(
        string typed, int enough, Actor actor, CancellationToken cancellation)
    {
        if (!(await authorise.VisibleAsync(actor, Permissions.CatalogRead, cancellation)).TryGet(
            out var visible, out _))
        {
            return [];
        }
        await using var db = await database.CreateDbContextAsync(cancellation);
        var rows = await db.Set<CatalogEntity>().AsNoTracking().Visible(visible)
            .Select(e => new Searched<CatalogEntity>
            {
                Row = e, Names = e.Name + " " + (e.Title ?? ""),
                All = e.Name + " " + (e.Title ?? "") + " " + string.Join(" ", e.Tags) + " " + (e.Description ?? ""),
            })
            .CandidatesAsync(typed, enough, cancellation);
        return [.. rows.DistinctBy(e => e.Id)
            .Select(e => new EntityCandidate(e.Ref, e.Title, e.Owner, $"{string.Join(' ', e.Tags)} {e.Description}"))];
    }
}
