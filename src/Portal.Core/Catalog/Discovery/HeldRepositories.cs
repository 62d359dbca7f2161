using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Catalog.Actions;
using Portal.Core.Data;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.Core.Catalog.Discovery;

/// <summary>
/// Repositories that a run is making, or is taking away again: what of them is in the catalog, and when, is the run's
/// own business. Whoever came between would take its entity's place, or bring one back that it has just removed.
/// </summary>
internal static class HeldRepositories
{
    public static async Task<bool> HasAsync(
        PortalDbContext db, string instance, RepositoryName name, CancellationToken cancellation)
    {
        var made = await (
            from entry in db.Set<JournalEntry>()
            join run in db.Set<Run>() on entry.RunId equals run.Id
            where UnderWay.Statuses.Contains(run.Status) && entry.Provider == instance
                && entry.Kind == RepositoryCreateEffect.Name
            select entry.Arguments).ToListAsync(cancellation);
        return made.Exists(
            arguments => JsonSerializer.Deserialize<RepositoryCreateArgs>(arguments, Json.Options)?.Name == name);
    }
}
