using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Catalog.Organisation;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Shared;

namespace Portal.Core.Catalog;

/// <summary>The made-up organisation of a portal that is being tried out: marked, and gone in one click.</summary>
public sealed class SampleOrganisation(
    ICatalogWriter catalog, ChangeOrganisation changes, IDbContextFactory<PortalDbContext> database, People people,
    Authorise authorise, TimeProvider time, IEnumerable<ISampleHistory> histories)
{
    public const string Location = "portal:samples/organisation.yaml";

    /// <summary>Of its repositories and environments: none that can be set up, so nothing asks it for them.</summary>
    public const string Provider = "sample-organisation";

    /// <summary>Of who stayed to administer the portal.</summary>
    private const string KeptLocation = "portal:administrator";

    /// <summary>Loads it once: who removed it does not get it back at the next start.</summary>
    public async Task LoadAsync(string descriptors, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        if (await db.Set<AuditEvent>().AnyAsync(e => e.Subject == Location, cancellation))
        {
            // A process that ended while it was removed may have left its history.
            if (!await IsThereAsync(cancellation)) await RemoveHistoryAsync(db, cancellation);
            return;
        }
        await MakeRoomAsync(db, descriptors, cancellation);
        if (await BesideOthersAsync(db, descriptors, cancellation) is { Length: > 0 } free)
        {
            var loaded = await catalog.RegisterAsync(
                new RegisterDescriptor(free, Location, IsSample: true), Actor.System, cancellation);
            if (loaded.Error is { } error) throw new InvalidOperationException(error.Message);
        }
        var services = await db.Set<CatalogEntity>().Where(e => e.IsSample && e.Kind == "Component")
            .ToListAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        foreach (var history in histories) await history.AddAsync(db, services, cancellation);
        await db.SaveAuditedAsync(
            time, cancellation,
            new AuditEntry(Actor.System, "sample.loaded", Location, "Loaded the sample organisation"));
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>
    /// Tokens may be older than the sample: its people are those that were made for a token, who keep it.
    /// </summary>
    private static async Task MakeRoomAsync(PortalDbContext db, string descriptors, CancellationToken cancellation)
    {
        if (!Descriptor.ParseAll(descriptors, Location).TryGet(out var sample, out _)) return;
        var keys = sample.Select(d => d.Ref.Key).ToList();
        await db.Set<CatalogEntity>().Where(e => e.Location == People.MadeForToken && keys.Contains(e.Key))
            .ExecuteUpdateAsync(
                s => s.SetProperty(e => e.Location, Location).SetProperty(e => e.IsSample, true), cancellation);
    }

    /// <summary>What somebody made under one of its names stays theirs; the sample comes without that one.</summary>
    private static async Task<string> BesideOthersAsync(
        PortalDbContext db, string descriptors, CancellationToken cancellation)
    {
        if (!Descriptor.ParseAll(descriptors, Location).TryGet(out var sample, out _)) return descriptors;
        var keys = sample.Select(d => d.Ref.Key).ToList();
        var others = await db.Set<CatalogEntity>().Where(e => keys.Contains(e.Key) && e.Location != Location)
            .Select(e => e.Key).ToListAsync(cancellation);
        return others.Count == 0 ? descriptors : string.Join(
            "\n---\n", sample.Where(d => !others.Contains(d.Ref.Key))
                .Select(d => descriptors.Substring(d.Extent.Start, d.Extent.Length).Trim('\n', '-')));
    }

    public async Task<bool> IsThereAsync(CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        return await db.Set<CatalogEntity>().AnyAsync(e => e.IsSample, cancellation);
    }

    /// <summary>Whether the person may have it removed.</summary>
    public Task<bool> MayRemoveAsync(Actor actor, CancellationToken cancellation) =>
        authorise.MayAsync(actor, Permissions.Administer, null, cancellation);

    /// <summary>Whether somebody has to be named who administers the portal when the sample is gone.</summary>
    public async Task<bool> LeavesNobodyAsync(CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        return !await Administrators.AnyBesideSampleAsync(db, cancellation);
    }

    /// <summary>
    /// Removes what was loaded. What people made meanwhile stays, also where a sample team owns it. Where nobody else
    /// may administer the portal, somebody is named who does from then on: the successor, or else who removes it, who
    /// stays too.
    /// </summary>
    /// <param name="successor">Made if absent, and an administrator by name; null: nobody new.</param>
    public async Task<Result<int>> RemoveAsync(
        Actor actor, CancellationToken cancellation, NewPerson? successor = null)
    {
        if ((await authorise.CheckAsync(actor, Permissions.Administer, null, cancellation)).Error is { } refused)
        {
            return refused;
        }
        if (successor is not null)
        {
            if ((await NameAsync(successor, actor, cancellation)).Error is { } wrong) return wrong;
        }
        else if (await LeavesNobodyAsync(cancellation)) await KeepAsync(actor, cancellation);
        var removed = await catalog.UnregisterAsync(Location, actor.ByPortal(), cancellation);
        people.Forget();
        authorise.Forget();
        if (!removed.IsOk) return removed;
        await using var db = await database.CreateDbContextAsync(cancellation);
        await RemoveHistoryAsync(db, cancellation);
        return removed;
    }

    private async Task RemoveHistoryAsync(PortalDbContext db, CancellationToken cancellation)
    {
        foreach (var history in histories) await history.RemoveAsync(db, cancellation);
    }

    private Task<Result<Done>> NameAsync(NewPerson successor, Actor actor, CancellationToken cancellation) =>
        changes.ExecuteAsync<Done>(async rows =>
        {
            if (!OrganisationInput.Name("User", successor.Name).TryGet(out var person, out var wrong)) return wrong;
            if ((await rows.PersonAsync(person, cancellation)).TryGet(out var row, out _))
            {
                // Of the sample: stays, as who removes it would.
                Keep(row);
            }
            else if ((await ChangePeople.AddAsync(rows, successor, actor, cancellation)).Error is { } refused)
            {
                return refused;
            }
            if (await Administrators.AddAsync(rows.Db, person, actor, cancellation) is { } granted)
            {
                rows.Audit.Add(granted);
            }
            return Done.Instance;
        }, cancellation);

    private async Task KeepAsync(Actor actor, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var key = actor.Ref.Key;
        if (await db.Set<CatalogEntity>().SingleOrDefaultAsync(e => e.Key == key, cancellation) is { } mine) Keep(mine);
        AuditEntry?[] made = [await Administrators.AddAsync(db, actor.Ref, actor, cancellation)];
        await db.SaveAuditedAsync(time, cancellation, [.. made.OfType<AuditEntry>()]);
    }

    private static void Keep(CatalogEntity person)
    {
        if (person.IsSample) (person.IsSample, person.Location) = (false, KeptLocation);
    }
}
