using Microsoft.EntityFrameworkCore;
using Portal.Core.Entities;
using Portal.Core.Shared;

namespace Portal.Core.Catalog.Organisation;

public enum ImportChange { Created, Updated, Unchanged }

public sealed record ImportLine(EntityRef Ref, string Title, ImportChange Change);

/// <param name="Lines">In the order of the file.</param>
/// <param name="Problems">With any of them nothing is imported.</param>
public sealed record ImportPreview(IReadOnlyList<ImportLine> Lines, IReadOnlyList<string> Problems)
{
    public int Count(ImportChange change) => Lines.Count(l => l.Change == change);
}

/// <summary>
/// Takes the users and groups of a text over as if they had been made in the portal, where they are changed from then
/// on. For administrators.
/// </summary>
public sealed class ImportPeople(
    ChangeOrganisation changes, OrganisationRights rights,
    IDbContextFactory<Data.PortalDbContext> database, TimeProvider time)
{
    private const string Name = "The text";

    /// <summary>What importing it would do; changes nothing.</summary>
    public async Task<Result<ImportPreview>> PreviewAsync(string text, Actor actor, CancellationToken cancellation)
    {
        if (await rights.AdministerAsync(actor, cancellation) is { } refused) return refused;
        await using var db = await database.CreateDbContextAsync(cancellation);
        return await LookAsync(new OrganisationRows(db, time.Now()), text, cancellation);
    }

    /// <summary>All of it, or nothing where something is wrong with any of it.</summary>
    public async Task<Result<ImportPreview>> ImportAsync(string text, Actor actor, CancellationToken cancellation)
    {
        if (await rights.AdministerAsync(actor, cancellation) is { } refused) return refused;
        return await changes.ExecuteAsync<ImportPreview>(async rows =>
        {
            var preview = await LookAsync(rows, text, cancellation);
            if (preview.Problems.Count > 0)
            {
                return Error.Invalid("import-invalid", string.Join(' ', preview.Problems.Take(5)));
            }
            await rows.PutAsync(
                PeopleDocuments.Read(text, Name).Good, OrganisationSource.Portal, actor, cancellation);
            return preview;
        }, cancellation);
    }

    private static async Task<ImportPreview> LookAsync(
        OrganisationRows rows, string text, CancellationToken cancellation)
    {
        var read = await PeopleDocuments.Read(text, Name)
            .WithoutTakenAsync(rows, OrganisationSource.Portal, cancellation);
        var keys = read.Good.Select(d => d.Ref.Key).ToList();
        var known = await rows.Db.Set<CatalogEntity>().AsNoTracking().Where(e => keys.Contains(e.Key))
            .ToDictionaryAsync(e => e.Key, cancellation);
        return new ImportPreview([.. read.Good.Select(d => new ImportLine(
            d.Ref, d.Title ?? d.Ref.Name,
            !known.TryGetValue(d.Ref.Key, out var row) ? ImportChange.Created
                : row.IsDescribedBy(d.Json.ToJsonString(Json.Options)) ? ImportChange.Unchanged
                : ImportChange.Updated))], read.Problems);
    }
}
