using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Shared;

namespace Portal.Core.Audit;

/// <summary>What the records of events at a provider have in common.</summary>
internal static class Reported
{
    /// <summary>What the record of a happening in a repository is about: the entity that was read from it, a component first, else the repository.</summary>
    public static async Task<(string Subject, EntityRef? Owner)> AboutAsync(this PortalDbContext db, string instance, string repository, CancellationToken cancellation)
    {
        var entity = await db.Set<CatalogEntity>().AsNoTracking().Where(e => e.Provider == instance && e.Repository == repository)
            .OrderBy(e => e.Kind != "Component").ThenBy(e => e.Id).FirstOrDefaultAsync(cancellation);
        var owner = EntityRef.Owner(entity?.Owner);
        return (entity?.Ref.ToString() ?? $"repository:{repository}", owner);
    }

    /// <summary>Who did it, as the provider names them; the portal itself where it does not say.</summary>
    public static Actor Who(string? by) => EntityRef.TryParse(by, "user", out var who) ? new Actor(who.Value, who.Value.Name, []) : Actor.System;

    public static string Short(string commit) => commit[..Math.Min(7, commit.Length)];
}
