using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Shared;

namespace Portal.Core.Catalog;

/// <summary>
/// Takes the entities of one file into the catalog inside a transaction, with as many statements for ten thousand of
/// them as for one.
/// </summary>
internal sealed class StoreDescriptors(
    PortalDbContext db, Authorise authorise, CatalogOptions options, RegisterDescriptor request, Actor actor,
    DateTimeOffset now)
{
    /// <summary>What changed, for the record; the context still has to be saved.</summary>
    public async Task<Result<List<AuditEntry>>> ExecuteAsync(
        IReadOnlyList<Descriptor> descriptors, CancellationToken cancellation)
    {
        var keys = descriptors.Select(d => d.Ref.Key).ToList();
        var files = new StoreDescriptorFile(db);
        await files.TakeTurnAsync(request, cancellation);
        await MoveAsync(cancellation);
        var known =
            await db.Set<CatalogEntity>().Where(e => keys.Contains(e.Key)).ToDictionaryAsync(e => e.Key, cancellation);
        var from = known.Values.Select(e => e.RepositoryId).OfType<Guid>().Distinct().ToList();
        var gone = await db.Set<RepositoryRow>().Where(r => from.Contains(r.Id) && r.GoneAt != null).Select(r => r.Id)
            .ToListAsync(cancellation);
        var file = await files.PrepareAsync(request, descriptors, cancellation);
        var (audit, related, size) = (new List<AuditEntry>(), new List<Descriptor>(), 0L);
        foreach (var descriptor in descriptors)
        {
            var row = known.GetValueOrDefault(descriptor.Ref.Key);
            if (await WhyNotAsync(descriptor, row, gone, cancellation) is { } refused) return refused;
            var json = DescriptorIncludes.Resolve(descriptor.Json, request.Files).ToJsonString(Json.Options);
            size += json.Length;
            if (TooLarge(descriptor, json.Length, size) is { } tooLarge) return tooLarge;
            var change = row is null ? "created" : row.IsDescribedBy(json) ? null : "updated";
            if (row is null) db.Add(row = Add(descriptor));
            (row.FileId, row.FileStart, row.FileLength) = (file.Id, descriptor.Extent.Start, descriptor.Extent.Length);
            Place(row);
            if (change is null) continue;
            Write(row, descriptor, json);
            related.Add(descriptor);
            audit.Add(new AuditEntry(
                actor, $"entity.{change}", descriptor.Ref.ToString(),
                $"{Capital(change)} {descriptor.Ref} in the catalog", descriptor.Owner));
        }
        await new StoreRelations(db).ExecuteAsync(related, cancellation);
        await db.SaveChangesAsync(cancellation);
        await file.CleanAsync(keys, cancellation);
        return audit;
    }

    /// <summary>
    /// A repository that has another name by now has taken the file along: it is read from another address, and is the
    /// same.
    /// </summary>
    private async Task MoveAsync(CancellationToken cancellation)
    {
        if (request is not { RepositoryId: { } repository, RepositoryPath: { } path }) return;
        await db.Set<CatalogEntity>()
            .Where(e => e.RepositoryId == repository && e.RepositoryPath == path && e.Location != request.Location)
            .ExecuteUpdateAsync(s => s.SetProperty(e => e.Location, request.Location), cancellation);
    }

    private async Task<Error?> WhyNotAsync(
        Descriptor descriptor, CatalogEntity? row, List<Guid> gone, CancellationToken cancellation)
    {
        if (row is not null
            && (row.Location != request.Location || (IsAnothers(row) && !gone.Contains(row.RepositoryId!.Value))))
        {
            return RegistrationRules.Taken(descriptor.Ref, row);
        }
        // Who makes a repository under the name of one that is gone does not get what was read from that by this alone.
        if (actor.IsSystem && row is not null && IsAnothers(row))
        {
            return CatalogErrors.OfAnotherRepository(descriptor.Ref, request);
        }
        return await new RegistrationRules(authorise, options, request, actor).RefusedAsync(
            descriptor.Ref, row, cancellation);
    }

    private bool IsAnothers(CatalogEntity row) =>
        row.RepositoryId is { } from && request.RepositoryId is { } by && from != by;

    private static Error? TooLarge(Descriptor descriptor, long one, long all) =>
        one > DescriptorLimits.MaxEntity ? new Error(
            ErrorKind.TooLarge, "descriptor-too-large",
            $"{descriptor.Ref} with the texts that it includes is longer than {DescriptorLimits.MaxEntity} characters. Shorten them, or link to them.")
        : all > DescriptorLimits.MaxEntitiesOfFile ? new Error(
            ErrorKind.TooLarge, "descriptor-too-large",
            $"The entities up to {descriptor.Ref} with the texts that they include are longer than {DescriptorLimits.MaxEntitiesOfFile} characters together. Split the file, or include less.")
        : null;

    private CatalogEntity Add(Descriptor descriptor) => new()
    {
        Key = descriptor.Ref.Key, Kind = descriptor.Ref.Kind, Namespace = descriptor.Ref.Namespace,
        Name = descriptor.Ref.Name, Descriptor = "{}",
        Location = request.Location, IsSample = request.IsSample, CreatedAt = now, UpdatedAt = now,
    };

    private void Place(CatalogEntity row)
    {
        if (row.RepositoryId is null || row.RepositoryId != request.RepositoryId)
        {
            (row.RepositoryId, row.Provider, row.Repository) =
                (request.RepositoryId, request.Provider, request.Repository);
        }
        row.RepositoryPath = request.RepositoryPath;
    }

    private void Write(CatalogEntity row, Descriptor descriptor, string json)
    {
        row.Describe(descriptor, json, now);
        if (request.RunId is null) return;
        row.RunId = request.RunId;
        if (request.Provenance is not { } from) return;
        (row.Template, row.TemplateSource, row.TemplateCommit, row.TemplateTreeHash) =
            (from.Template, from.Source, from.Commit, from.TreeHash);
        row.TemplateInputs = from.Inputs.ToJsonString(Json.Options);
    }

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
