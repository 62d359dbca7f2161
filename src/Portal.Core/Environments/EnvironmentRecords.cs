using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Core.Data.Clocks;
using Portal.Core.Environments.Usage;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Environments;

internal sealed class EnvironmentRecords(
    IDbContextFactory<PortalDbContext> database, EnvironmentRules rules, Meter meter, TimeProvider time, IClocks clocks)
    : IEnvironmentRecords
{
    public async Task<Result<Done>> ReserveAsync(NewEnvironment environment, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var row = await db.Set<PortalEnvironment>().SingleOrDefaultAsync(e => e.Id == environment.Id, cancellation);
        if (row is { Status: not EnvironmentStatus.Destroyed }) return Done.Instance;
        if (rules.WhyNotInWords(IntendedEnvironment.Of(environment)) is { } broken) return broken;
        if (row is null) db.Add(row = NewRow(environment, time.Now()));
        row.Reserve();
        try
        {
            await db.SaveChangesAsync(cancellation);
            return Done.Instance;
        }
        catch (DbUpdateException e) when (
            e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            var taken = await FindAsync(environment.Component, environment.Name, cancellation);
            return taken is null && environment.AdoptedFrom is { } external
                ? EnvironmentErrors.AdoptedAlready(external)
                : EnvironmentErrors.NameTaken(environment.Name, environment.Component.Name);
        }
    }

    public async Task ForgetReservationAsync(string id, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        await db.Set<PortalEnvironment>().Where(e => e.Id == id && e.IsReserved)
            .Where(e => !db.Set<Deployment>().Any(d => d.EnvironmentId == id))
            .Where(e => !db.Set<UsageInterval>().Any(u => u.EnvironmentId == id))
            .ExecuteDeleteAsync(cancellation);
    }

    public async Task RecordCreatedAsync(
        NewEnvironment environment, EnvironmentInfo info, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        // Whoever makes one reserves it first, and is asked by the rules there.
        var row = await db.Set<PortalEnvironment>().SingleOrDefaultAsync(e => e.Id == environment.Id, cancellation)
            ?? throw new InvalidOperationException($"Environment {environment.Id} was made without a reservation.");
        var now = time.Now();
        var audit = new List<AuditEntry>();
        if (row.IsReserved)
        {
            row.Confirm();
            row.EndAt(
                environment.Lifetime is { } lifetime ? await clocks.DatabaseAsync(cancellation) + lifetime : null);
            var (verb, word) = environment.AdoptedFrom is null ? ("created", "Created") : ("adopted", "Adopted");
            audit.Add(new AuditEntry(
                environment.CreatedBy, $"environment.{verb}", $"environment:{row.Id}",
                $"{word} environment {row.Name} of {environment.Component.Name}", environment.Owner));
        }
        row.Follow(info);
        await meter.FollowAsync(db, row, now, cancellation);
        if (info is { PipelineRunId: { } run, Commit: { } commit }
            && !await db.Set<Deployment>()
                .AnyAsync(d => d.EnvironmentId == row.Id && d.PipelineRunId == run, cancellation))
        {
            var deployment = new Deployment
            {
                EnvironmentId = row.Id, PipelineRunId = run, Commit = commit, By = environment.CreatedBy.Ref.ToString(),
                StartedAt = now,
            };
            deployment.Succeed(now);
            db.Add(deployment);
        }
        await db.SaveAuditedAsync(time, cancellation, audit);
        await transaction.CommitAsync(cancellation);
    }

    public Task RecordGoneAsync(string id, Actor actor, CancellationToken cancellation) =>
        EndAsync(id, actor, "destroyed", row => row.Destroy(time.Now()), cancellation);

    public Task RecordReleasedAsync(string id, Actor actor, CancellationToken cancellation) =>
        EndAsync(id, actor, "released", row => row.Release(time.Now()), cancellation);

    private async Task EndAsync(
        string id, Actor actor, string verb, Action<PortalEnvironment> end, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var row = await db.Set<PortalEnvironment>().SingleOrDefaultAsync(e => e.Id == id, cancellation);
        if (row is null || row.Status == EnvironmentStatus.Destroyed) return;
        end(row);
        await meter.FollowAsync(db, row, time.Now(), cancellation);
        var owner = EntityRef.Owner(row.Owner);
        var what = $"{char.ToUpperInvariant(verb[0])}{verb[1..]} environment {row.Title}";
        await db.SaveAuditedAsync(
            time, cancellation, new AuditEntry(actor, $"environment.{verb}", $"environment:{id}", what, owner));
    }

    public async Task<PortalEnvironment?> FindAsync(EntityRef component, string name, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        return await db.Set<PortalEnvironment>().AsNoTracking()
            .SingleOrDefaultAsync(
                e => e.Component == component.Key && e.Name == name && e.DestroyedAt == null, cancellation);
    }

    private static PortalEnvironment NewRow(NewEnvironment environment, DateTimeOffset now) => new()
    {
        Id = environment.Id, Name = environment.Name, Component = environment.Component.Key,
        Owner = environment.Owner.Key, Type = environment.Type, Size = environment.Size.Name,
        Provider = environment.Provider, Repository = environment.Repository.ToString(),
        RepositoryProvider = environment.RepositoryProvider, Definition = environment.Definition,
        AdoptedFrom = environment.AdoptedFrom, FollowsDefaultBranch = environment.FollowsDefaultBranch,
        Reason = environment.Reason, CreatedBy = environment.CreatedBy.Ref.ToString(), RunId = environment.RunId,
        PricePerHour = environment.Size.PricePerHour.Amount, Currency = environment.Size.PricePerHour.Currency,
        CreatedAt = now,
    };
}
