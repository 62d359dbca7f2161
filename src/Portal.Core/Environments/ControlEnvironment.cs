using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Catalog.Actions;
using Portal.Core.Data;
using Portal.Core.Data.Clocks;
using Portal.Core.Environments.Actions;
using Portal.Core.Environments.Usage;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.Core.Environments;

/// <summary>What the owner of an environment can do with it. Each is a change at the host, then in the row, with the record of it.</summary>
public sealed class ControlEnvironment(
    IDbContextFactory<PortalDbContext> database, Authorise authorise, ProviderRegistry providers, IEnvironmentRecords records, Meter meter, TimeProvider time,
    IClocks clocks, DestructionGuard guard)
{
    /// <summary>An end may lie at most so far ahead.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(365);

    private static readonly RunStatus[] UnderWay = [RunStatus.Queued, RunStatus.Running, RunStatus.Waiting, RunStatus.Undoing];

    public Task<Result<Done>> StopAsync(string id, Actor actor, CancellationToken cancellation) => AtHostAsync(
        id, actor, "stopped", e => e.Status is EnvironmentStatus.Running or EnvironmentStatus.Unhealthy, (host, e) => host.StopAsync(e, cancellation), cancellation);

    public Task<Result<Done>> StartAsync(string id, Actor actor, CancellationToken cancellation) => AtHostAsync(
        id, actor, "started", e => e.Status is EnvironmentStatus.Stopped or EnvironmentStatus.Failed, (host, e) => host.StartAsync(e, cancellation), cancellation);

    /// <summary>Moves the end to so long from now; null = no end.</summary>
    public async Task<Result<Done>> ExtendAsync(string id, TimeSpan? lifetime, Actor actor, CancellationToken cancellation)
    {
        if (lifetime is { } asked && (asked <= TimeSpan.Zero || asked > MaxLifetime))
            return Error.Invalid("lifetime-invalid", $"The lifetime must be between one minute and {MaxLifetime.TotalDays:0} days.");
        await using var db = await database.CreateDbContextAsync(cancellation);
        if (!(await LoadAsync(db, id, actor, cancellation)).TryGet(out var row, out var error)) return error;
        row.EndAt(lifetime is null ? null : await clocks.DatabaseAsync(cancellation) + lifetime);
        var until = row.ExpiresAt is { } end ? $"until {end:yyyy-MM-dd HH:mm} UTC" : "without an end";
        await db.SaveAuditedAsync(time, cancellation, Entry(actor, "extended", row, $"Extended environment {row.Name} of {Component(row)} {until}"));
        return Done.Instance;
    }

    /// <param name="adoptedToo">Meant for what the portal did not make, which is otherwise refused: see <see cref="ReleaseAsync"/>.</param>
    public async Task<Result<Done>> DestroyAsync(string id, Actor actor, CancellationToken cancellation, bool adoptedToo = false)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        if (!(await LoadAsync(db, id, actor, cancellation)).TryGet(out var row, out var error)) return error;
        if (row.AdoptedFrom is not null && !adoptedToo) return EnvironmentErrors.Adopted(row);
        try
        {
            await providers.Get<IEnvironmentHost>(row.Provider).DestroyAsync(id, cancellation);
        }
        catch (ProviderException e)
        {
            return e.Error;
        }
        await records.RecordGoneAsync(id, actor, CancellationToken.None);
        return Done.Instance;
    }

    /// <summary>Gives an adopted one back as it was: the portal's marks go, everything else goes on.</summary>
    public async Task<Result<Done>> ReleaseAsync(string id, Actor actor, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        if (!(await LoadAsync(db, id, actor, cancellation)).TryGet(out var row, out var error)) return error;
        if (row.AdoptedFrom is not { } external) return EnvironmentErrors.NotAdopted(row);
        var before = await db.Set<JournalEntry>().AsNoTracking()
            .Where(j => j.RunId == row.RunId && j.Kind == EnvironmentAdoptEffect.KindName && j.Before != null).ToListAsync(cancellation);
        if (before.Find(j => EnvironmentAdoptEffect.IdOf(j) == id)?.Before is not { } state) return EnvironmentErrors.NoStateBefore(row);
        try
        {
            await providers.Get<IEnvironmentAdoption>(row.Provider).ReleaseAsync(external, EnvironmentAdoptEffect.StateOf(state), cancellation);
        }
        catch (ProviderException e)
        {
            return e.Error;
        }
        await records.RecordReleasedAsync(id, actor, CancellationToken.None);
        return Done.Instance;
    }

    /// <summary>Destroys what has reached its end by the database's clock, and gives back what was adopted; returns how many went. Called by a sweep and by tests.</summary>
    public async Task<int> DestroyExpiredAsync(CancellationToken cancellation)
    {
        if (await guard.NowAsync(cancellation) is not { } now) return 0;
        await using var db = await database.CreateDbContextAsync(cancellation);
        var due = await db.Set<PortalEnvironment>().Where(e => e.DestroyedAt == null && e.ExpiresAt <= now).Select(e => new { e.Id, e.AdoptedFrom }).ToListAsync(cancellation);
        var gone = 0;
        foreach (var row in due)
        {
            var ended = row.AdoptedFrom is null ? await DestroyAsync(row.Id, Actor.System, cancellation) : await ReleaseAsync(row.Id, Actor.System, cancellation);
            if (ended.IsOk) gone++;
        }
        return gone;
    }

    private async Task<Result<Done>> AtHostAsync(
        string id, Actor actor, string verb, Func<PortalEnvironment, bool> allowed, Func<IEnvironmentHost, string, Task<EnvironmentInfo>> change,
        CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        if (!(await LoadAsync(db, id, actor, cancellation)).TryGet(out var row, out var error)) return error;
        if (!allowed(row)) return EnvironmentErrors.WrongState(row, verb);
        EnvironmentInfo info;
        try
        {
            info = await change(providers.Get<IEnvironmentHost>(row.Provider), id);
        }
        catch (ProviderException e)
        {
            return e.Error;
        }
        // The host has told of the change meanwhile, on its own way; the row may be newer than what was loaded.
        await db.Entry(row).ReloadAsync(CancellationToken.None);
        row.Follow(info);
        await meter.FollowAsync(db, row, time.Now(), CancellationToken.None);
        await db.SaveAuditedAsync(
            time, CancellationToken.None, Entry(actor, verb, row, $"{char.ToUpperInvariant(verb[0])}{verb[1..]} environment {row.Name} of {Component(row)}"));
        return Done.Instance;
    }

    private async Task<Result<PortalEnvironment>> LoadAsync(PortalDbContext db, string id, Actor actor, CancellationToken cancellation)
    {
        var row = await db.Set<PortalEnvironment>().SingleOrDefaultAsync(e => e.Id == id, cancellation);
        if (row is null || row.Status == EnvironmentStatus.Destroyed) return EnvironmentErrors.NotFound(id);
        if ((await authorise.CheckAsync(actor, Permissions.EnvironmentChange, OwnerOf(row), cancellation)).Error is { } refused) return refused;
        if (row.IsReserved && await db.Set<Run>().AnyAsync(r => r.Id == row.RunId && UnderWay.Contains(r.Status), cancellation)) return EnvironmentErrors.BeingMade(row);
        return row;
    }

    private static AuditEntry Entry(Actor actor, string verb, PortalEnvironment row, string summary) =>
        new(actor, $"environment.{verb}", $"environment:{row.Id}", summary, OwnerOf(row));

    private static EntityRef? OwnerOf(PortalEnvironment row) => EntityRef.TryParse(row.Owner, "group", out var owner) ? owner : null;

    private static string Component(PortalEnvironment row) => EntityRef.Parse(row.Component).Name;
}
