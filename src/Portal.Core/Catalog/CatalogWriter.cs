using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Core.Data;
using Portal.Core.GoldenPaths.Actions;
using Portal.Core.Governance.Access;
using Portal.Core.Governance.Audit;
using Portal.Core.Shared;

namespace Portal.Core.Catalog;

internal sealed class CatalogWriter(
    IDbContextFactory<PortalDbContext> database, Authorise authorise, IOptions<CatalogOptions> options, TimeProvider time) : ICatalogWriter
{
    /// <summary>What the portal itself brings: the sample organisation, people made for a token.</summary>
    private const string OwnScheme = "portal:";

    /// <summary>Who belongs to which group decides who may do what.</summary>
    private static readonly string[] Rights = ["user", "group"];

    public async Task<Result<IReadOnlyList<EntityRef>>> RegisterAsync(RegisterDescriptor request, Actor actor, CancellationToken cancellation)
    {
        if (!Descriptor.ParseAll(request.Text, FileOf(request.Location)).TryGet(out var descriptors, out var error)) return error;
        await using var db = await database.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var audit = new List<AuditEntry>();
        var administered = descriptors.Any(d => IsRight(d.Ref)) && await Administrators.AnyAsync(db, cancellation);
        foreach (var descriptor in descriptors)
        {
            if (!(await StoreAsync(db, descriptor, request, actor, cancellation)).TryGet(out var change, out var refused)) return refused;
            if (change is null) continue;
            audit.Add(new AuditEntry(actor, $"entity.{change}", descriptor.Ref.ToString(), $"{Capital(change)} {descriptor.Ref} in the catalog", descriptor.Owner));
        }
        await db.SaveAuditedAsync(time, cancellation, audit);
        if (administered && !await Administrators.AnyAsync(db, cancellation)) return Administrators.Last;
        await transaction.CommitAsync(cancellation);
        return descriptors.Select(d => d.Ref).ToList();
    }

    public async Task<Result<int>> UnregisterAsync(string location, Actor actor, CancellationToken cancellation, Guid? run = null)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var gone = await db.Set<CatalogEntity>().Where(e => e.Location == location && (run == null || e.RunId == run)).ToListAsync(cancellation);
        var audit = new List<AuditEntry>();
        var administered = gone.Exists(e => IsRight(e.Ref)) && await Administrators.AnyAsync(db, cancellation);
        foreach (var entity in gone)
        {
            EntityRef.TryParse(entity.Owner, "group", out var owner);
            if ((await authorise.CheckAsync(actor, Permissions.CatalogChange, owner, cancellation)).Error is { } refused) return refused;
            db.RemoveRange(await db.Set<CatalogRelation>().Where(r => r.Source == entity.Key || r.Target == entity.Key).ToListAsync(cancellation));
            db.Remove(entity);
            audit.Add(new AuditEntry(actor, "entity.removed", entity.Ref.ToString(), $"Removed {entity.Ref} from the catalog", owner));
        }
        await db.SaveAuditedAsync(time, cancellation, audit);
        if (administered && !await Administrators.AnyAsync(db, cancellation)) return Administrators.Last;
        await transaction.CommitAsync(cancellation);
        return gone.Count;
    }

    public async Task<RegisterDescriptor?> FindRegistrationAsync(string location, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var rows = await db.Set<CatalogEntity>().AsNoTracking().Where(e => e.Location == location).OrderBy(e => e.CreatedAt).ToListAsync(cancellation);
        if (rows.Count == 0) return null;
        // As it stands in the catalog, what it includes included: the files it took that from may have changed since.
        var text = string.Join("---\n", rows.Select(r => JsonNode.Parse(r.Descriptor)!.ToJsonString(Json.Options) + "\n"));
        var first = rows[0];
        var from = first.Template is null ? null : new RunProvenance(
            first.Template, first.TemplateSource ?? "", first.TemplateCommit, first.TemplateTreeHash ?? "", JsonNode.Parse(first.TemplateInputs ?? "{}")!.AsObject());
        return new RegisterDescriptor(text, location, first.Provider, first.Repository, first.RunId, from, first.IsSample);
    }

    public async Task<JsonObject?> FindDescriptorAsync(EntityRef entity, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var json = await db.Set<CatalogEntity>().Where(e => e.Key == entity.Key).Select(e => e.Descriptor).SingleOrDefaultAsync(cancellation);
        return json is null ? null : JsonNode.Parse(json)!.AsObject();
    }

    /// <summary>"created", "updated", or null when nothing changed.</summary>
    private async Task<Result<string?>> StoreAsync(
        PortalDbContext db, Descriptor descriptor, RegisterDescriptor request, Actor actor, CancellationToken cancellation)
    {
        var now = time.Now();
        var json = DescriptorIncludes.Resolve(descriptor.Json, request.Files).ToJsonString(Json.Options);
        var row = await db.Set<CatalogEntity>().SingleOrDefaultAsync(e => e.Key == descriptor.Ref.Key, cancellation);
        if (row is not null && row.Location != request.Location)
        {
            return Error.Conflict("entity-exists", $"{descriptor.Ref} is in the catalog already, read from {row.Location}. Choose another name.");
        }
        if (IsRight(descriptor.Ref))
        {
            // Whoever asks: an administrator who registers somebody's repository has not read who that makes an administrator.
            if (!request.Location.StartsWith(OwnScheme, StringComparison.Ordinal) && !options.Value.TakesPeopleFrom(request.Provider, request.Repository))
                return CatalogErrors.PeopleFromElsewhere(descriptor.Ref, request);
            if ((await authorise.CheckAsync(actor, Permissions.Administer, null, cancellation)).Error is { } notTheirs) return notTheirs;
        }
        EntityRef.TryParse(row?.Owner, "group", out var ownerBefore);
        if (row is not null && (await authorise.CheckAsync(actor, Permissions.CatalogChange, ownerBefore, cancellation)).Error is { } refused) return refused;
        if (row is null && (await authorise.CheckAsync(actor, Permissions.TemplateRun, null, cancellation)).Error is { } refusedNew) return refusedNew;
        if (row is not null && SameJson(row.Descriptor, json)) return Result(null);
        var created = row is null;
        row ??= Add(db, descriptor, request, now);
        (row.Title, row.Description, row.Type, row.Lifecycle) = (descriptor.Title, descriptor.Description, descriptor.Type, descriptor.Lifecycle);
        (row.Owner, row.System, row.Tags) = (descriptor.Owner?.Key, descriptor.System?.Key, descriptor.Tags);
        (row.Descriptor, row.SourceText, row.UpdatedAt) = (json, request.Text, now);
        if (request.RunId is not null) KeepProvenance(row, request);
        await RelateAsync(db, descriptor, cancellation);
        return Result(created ? "created" : "updated");

        static Result<string?> Result(string? change) => change;
    }

    private static bool IsRight(EntityRef entity) => Rights.Contains(entity.Kind.ToLowerInvariant());

    private static CatalogEntity Add(PortalDbContext db, Descriptor descriptor, RegisterDescriptor request, DateTimeOffset now)
    {
        var row = new CatalogEntity
        {
            Key = descriptor.Ref.Key, Kind = descriptor.Ref.Kind, Namespace = descriptor.Ref.Namespace, Name = descriptor.Ref.Name, Descriptor = "{}",
            SourceText = "", Location = request.Location, Provider = request.Provider, Repository = request.Repository, IsSample = request.IsSample,
            CreatedAt = now, UpdatedAt = now,
        };
        db.Add(row);
        return row;
    }

    private static void KeepProvenance(CatalogEntity row, RegisterDescriptor request)
    {
        row.RunId = request.RunId;
        if (request.Provenance is not { } from) return;
        (row.Template, row.TemplateSource, row.TemplateCommit, row.TemplateTreeHash) = (from.Template, from.Source, from.Commit, from.TreeHash);
        row.TemplateInputs = from.Inputs.ToJsonString(Json.Options);
    }

    /// <summary>Both directions are stored, so that a relation is found from either end by one look-up.</summary>
    private static async Task RelateAsync(PortalDbContext db, Descriptor descriptor, CancellationToken cancellation)
    {
        var key = descriptor.Ref.Key;
        var stated = descriptor.Relations().Select(r => (r.Type, Target: r.Target.Key)).Distinct().ToList();
        var old = await db.Set<CatalogRelation>().Where(r => r.Source == key && r.Stated).ToListAsync(cancellation);
        foreach (var gone in old.Where(o => !stated.Contains((o.Type, o.Target))))
        {
            db.Remove(gone);
            var back = Relations.Counterpart(gone.Type);
            db.RemoveRange(await db.Set<CatalogRelation>().Where(r => r.Source == gone.Target && r.Type == back && r.Target == key && !r.Stated).ToListAsync(cancellation));
        }
        foreach (var (type, target) in stated.Where(s => !old.Any(o => o.Type == s.Type && o.Target == s.Target)))
        {
            await db.Database.ExecuteSqlAsync($"""
                insert into catalog_relations (source, type, target, stated)
                values ({key}, {type}, {target}, true), ({target}, {Relations.Counterpart(type)}, {key}, false)
                on conflict (source, type, target) do update set stated = catalog_relations.stated or excluded.stated
                """, cancellation);
        }
    }

    private static bool SameJson(string stored, string written) => JsonElement.DeepEquals(JsonDocument.Parse(stored).RootElement, JsonDocument.Parse(written).RootElement);

    private static string FileOf(string location) => location[(location.LastIndexOf('/') + 1)..];

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
