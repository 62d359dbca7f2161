using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Catalog.Discovery;
using Portal.Core.Catalog.Repositories;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;

namespace Portal.Core.Catalog;

internal sealed class CatalogWriter(
    IDbContextFactory<PortalDbContext> database, Authorise authorise, IOptions<CatalogOptions> options,
    TimeProvider time) : ICatalogWriter
{
    public async Task<Result<IReadOnlyList<EntityRef>>> RegisterAsync(
        RegisterDescriptor request, Actor actor, CancellationToken cancellation)
    {
        var limits = request.IsRestored ? DescriptorLimits.Restored : DescriptorLimits.File;
        if (!Descriptor.ParseAll(request.Text, FileOf(request.Location), limits).TryGet(
            out var descriptors, out var error))
        {
            return error;
        }
        await using var db = await database.CreateDbContextAsync(cancellation);
        request = await PlacedAsync(db, request, cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var administered = descriptors.Any(d => CatalogRights.Are(d.Ref.Kind))
            && await Administrators.AnyAsync(db, cancellation);
        var store = new StoreDescriptors(db, authorise, options.Value, request, actor, time.Now());
        if (!(await store.ExecuteAsync(descriptors, cancellation)).TryGet(out var audit, out var refused))
        {
            return refused;
        }
        await db.SaveAuditedAsync(time, cancellation, audit);
        if (administered && !await Administrators.AnyAsync(db, cancellation)) return Administrators.Last;
        await transaction.CommitAsync(cancellation);
        return descriptors.Select(d => d.Ref).ToList();
    }

    public async Task<NameLook> LookAsync(
        RegisterDescriptor request, Actor actor, CancellationToken cancellation)
    {
        // What cannot be read takes no name; the step says so itself.
        if (!Descriptor.ParseAll(request.Text, FileOf(request.Location)).TryGet(out var descriptors, out _))
        {
            return NameLook.None;
        }
        await using var db = await database.CreateDbContextAsync(cancellation);
        return await new LookAtNames(db, authorise, options.Value, request, actor).ExecuteAsync(
            descriptors, cancellation);
    }

    public async Task<Result<int>> UnregisterAsync(
        string location, Actor actor, CancellationToken cancellation, Guid? run = null, NamedRepository? of = null)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var gone = await (await AtAsync(db, location, of, cancellation)).Where(e => run == null || e.RunId == run)
            .Select(e => new { e.Id, e.Key, e.Kind, e.Namespace, e.Name, e.Owner, e.FileId }).ToListAsync(cancellation);
        var audit = new List<AuditEntry>();
        var administered = gone.Exists(e => CatalogRights.Are(e.Kind))
            && await Administrators.AnyAsync(db, cancellation);
        foreach (var entity in gone)
        {
            var owner = EntityRef.Owner(entity.Owner);
            if ((await authorise.CheckAsync(
                actor, Permissions.CatalogChange, owner, cancellation)).Error is { } refused)
            {
                return refused;
            }
            var reference = new EntityRef(entity.Kind, entity.Namespace, entity.Name).ToString();
            audit.Add(
                new AuditEntry(actor, "entity.removed", reference, $"Removed {reference} from the catalog", owner));
        }
        var (ids, keys) = (gone.ConvertAll(e => e.Id), gone.ConvertAll(e => e.Key));
        await db.Set<CatalogRelation>().Where(r => keys.Contains(r.Source) || keys.Contains(r.Target))
            .ExecuteDeleteAsync(cancellation);
        await db.Set<CatalogEntity>().Where(e => ids.Contains(e.Id)).ExecuteDeleteAsync(cancellation);
        await StoreDescriptorFile.RemoveUnusedAsync(
            db, gone.Select(e => e.FileId).OfType<Guid>().Distinct().ToList(), cancellation);
        await db.SaveAuditedAsync(time, cancellation, audit);
        if (administered && !await Administrators.AnyAsync(db, cancellation)) return Administrators.Last;
        await transaction.CommitAsync(cancellation);
        return gone.Count;
    }

    public async Task<RegisterDescriptor?> FindRegistrationAsync(
        string location, CancellationToken cancellation, NamedRepository? of = null)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var rows = await (await AtAsync(db, location, of, cancellation)).AsNoTracking().OrderBy(e => e.CreatedAt)
            .ToListAsync(cancellation);
        if (rows.Count == 0) return null;
        // As it stands in the catalog, what it includes included: the files it took that from may have changed since.
        var text = string.Join(
            "---\n", rows.Select(r => JsonNode.Parse(r.Descriptor)!.ToJsonString(Json.Options) + "\n"));
        var first = rows[0];
        var from = first.Template is null ? null : new RunProvenance(
            first.Template, first.TemplateSource ?? "", first.TemplateCommit, first.TemplateTreeHash ?? "",
            JsonNode.Parse(first.TemplateInputs ?? "{}")!.AsObject());
        return new RegisterDescriptor(text, first.Location, first.Provider, first.Repository, first.RunId, from,
            first.IsSample)
        {
            IsRestored = true, RepositoryId = first.RepositoryId, RepositoryPath = first.RepositoryPath,
        };
    }

    public async Task<JsonObject?> FindDescriptorAsync(EntityRef entity, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var json = await db.Set<CatalogEntity>().Where(e => e.Key == entity.Key).Select(e => e.Descriptor)
            .SingleOrDefaultAsync(cancellation);
        return json is null ? null : JsonNode.Parse(json)!.AsObject();
    }

    /// <summary>With its repository's row. What is brought back goes to where its file is now.</summary>
    private async Task<RegisterDescriptor> PlacedAsync(
        PortalDbContext db, RegisterDescriptor request, CancellationToken cancellation)
    {
        if (request is not { Provider: { } provider, Repository: { } name }) return request;
        var named = new RepositoryWord(provider, name, null, time.Now());
        var id = request.RepositoryId ?? (await new RepositoryRows(db).IdentifyAsync(named, cancellation)).Id;
        var path = request.RepositoryPath ?? DescriptorPlaces.PathIn(request.Location, name);
        var placed = request with { RepositoryId = id, RepositoryPath = path };
        if (!request.IsRestored || path is null) return placed;
        var now = await db.Set<CatalogEntity>().Where(e => e.RepositoryId == id && e.RepositoryPath == path)
            .Select(e => e.Location).FirstOrDefaultAsync(cancellation);
        return now is null ? placed : placed with { Location = now };
    }

    /// <summary>What was read from there.</summary>
    private static async Task<IQueryable<CatalogEntity>> AtAsync(
        PortalDbContext db, string location, NamedRepository? of, CancellationToken cancellation)
    {
        var all = db.Set<CatalogEntity>();
        if (of is null || DescriptorPlaces.PathIn(location, of.Name) is not { } path)
        {
            return all.Where(e => e.Location == location);
        }
        var repository = await db.RepositoryAsync(of.Provider, of.Name, cancellation);
        return all.Where(e => (e.Location == location && (e.RepositoryId == null || e.RepositoryId == repository))
            || (repository != null && e.RepositoryId == repository && e.RepositoryPath == path));
    }

    private static string FileOf(string location) => location[(location.LastIndexOf('/') + 1)..];
}
