using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Shared;

namespace Portal.Core.Audit;

/// <summary>Puts what a provider tells on record, once: it may tell the same again, for a while.</summary>
internal static class ToldOnce
{
    private static readonly TimeSpan Again = TimeSpan.FromDays(3);

    /// <summary>Saves what the context tracks too. The summary must name what makes the happening the only one of its kind, e.g. a commit.</summary>
    /// <param name="about">
    /// Of what goes back and forth (a pull request, a membership): the part of the summary that names it. Then only the last record of it counts.
    /// </param>
    public static async Task RecordAsync(this PortalDbContext db, TimeProvider time, AuditEntry entry, CancellationToken cancellation, string? about = null)
    {
        var since = time.Now() - Again;
        var told = db.Set<AuditEvent>().Where(e => e.Subject == entry.Subject && e.At > since);
        if (about is null) told = told.Where(e => e.Summary == entry.Summary);
        else
        {
            var like = Like.Containing(about);
            told = told.Where(e => EF.Functions.ILike(e.Summary, like));
        }
        var last = await told.OrderByDescending(e => e.Number).Select(e => e.Summary).FirstOrDefaultAsync(cancellation);
        await db.SaveAuditedAsync(time, cancellation, last == entry.Summary ? [] : [entry]);
    }

    /// <summary>What the record of a happening in a repository is about: the entity that was read from it, a component first, else the repository.</summary>
    public static async Task<(string Subject, EntityRef? Owner)> AboutAsync(this PortalDbContext db, string instance, string repository, CancellationToken cancellation)
    {
        var entity = await db.Set<CatalogEntity>().AsNoTracking().Where(e => e.Provider == instance && e.Repository == repository)
            .OrderBy(e => e.Kind != "Component").ThenBy(e => e.Id).FirstOrDefaultAsync(cancellation);
        EntityRef.TryParse(entity?.Owner, "group", out var owner);
        return (entity?.Ref.ToString() ?? $"repository:{repository}", owner);
    }

    /// <summary>Who did it, as the provider names them; the portal itself where it does not say.</summary>
    public static Actor Who(string? by) => EntityRef.TryParse(by, "user", out var who) ? new Actor(who.Value, who.Value.Name, []) : Actor.System;

    public static string Short(string commit) => commit[..Math.Min(7, commit.Length)];
}
