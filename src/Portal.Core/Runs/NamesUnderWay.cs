using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Shared;

namespace Portal.Core.Runs;

/// <summary>
/// Names of what runs are about to make: nobody has them yet, and still they are not free. Who begins a run takes turns
/// with all who want one of its names.
/// </summary>
internal static class NamesUnderWay
{
    /// <summary>The run that takes one of the names, if any; within the transaction that begins this one.</summary>
    public static async Task<Run?> FindAsync(PortalDbContext db, Run run, CancellationToken cancellation)
    {
        if (run.Names.Length == 0) return null;
        // In one order, so that no two wait for each other.
        await db.Database.ExecuteSqlAsync(
            $"""
            select pg_advisory_xact_lock(hashtextextended('name ' || claimed.name, 0))
            from (select unnest({run.Names}::text[]) as name order by 1) claimed
            """, cancellation);
        return await db.Set<Run>().AsNoTracking()
            .Where(r => r.Id != run.Id && UnderWay.Statuses.Contains(r.Status))
            .Where(r => r.Names.Any(n => run.Names.Contains(n)))
            .OrderBy(r => r.Id).FirstOrDefaultAsync(cancellation);
    }

    public static Error Taken(Run run, Run other, JsonObject values)
    {
        var name = run.Names.First(other.Names.Contains);
        var (what, words) = (name[..name.IndexOf(' ')], name[(name.IndexOf(' ') + 1)..].Split(' '));
        var error = Error.Conflict(
            TakenNames.BeingMade,
            $"The {what} {words[^1]} is being made by a run (/runs/{other.Id}). "
            + "Choose another name, or wait for that run.");
        // Of an environment the component's name is what is chosen, too; of all else what stands last.
        return NamedFields.Mark(
            new TakenName([.. words.Reverse().Select(w => w[(w.LastIndexOf('/') + 1)..])], error), values);
    }
}
