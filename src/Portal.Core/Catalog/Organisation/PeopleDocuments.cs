using Microsoft.EntityFrameworkCore;
using Portal.Core.Entities;
using Portal.Core.Shared;

namespace Portal.Core.Catalog.Organisation;

/// <summary>A file of users and groups, read: those that can be taken, and what is wrong with the others.</summary>
internal sealed record PeopleDocuments(IReadOnlyList<Descriptor> Good, IReadOnlyList<string> Problems)
{
    public static PeopleDocuments Read(string text, string file)
    {
        var (good, problems) = (new List<Descriptor>(), new List<string>());
        foreach (var document in DescriptorDocuments.Read(text, file))
        {
            var problem = document.Error?.Message ?? Wrong(document.Value, file);
            if (problem is null) good.Add(document.Value);
            else problems.Add(problem);
        }
        if (good.Count == 0 && problems.Count == 0) problems.Add($"{file} names nobody.");
        return new PeopleDocuments(good, problems);
    }

    /// <summary>The same without those that somebody else describes, which is a problem each.</summary>
    /// <param name="location">Where these are from.</param>
    public async Task<PeopleDocuments> WithoutTakenAsync(
        OrganisationRows rows, string location, CancellationToken cancellation)
    {
        var keys = Good.Select(d => d.Ref.Key).ToList();
        var known = await rows.Db.Set<CatalogEntity>().AsNoTracking()
            .Where(e => keys.Contains(e.Key) && e.Location != location).ToListAsync(cancellation);
        var taken = known.Where(e => !OrganisationSource.MayMove(e)).ToDictionary(e => e.Key, StringComparer.Ordinal);
        return new PeopleDocuments(
            [.. Good.Where(d => !taken.ContainsKey(d.Ref.Key))],
            [.. Problems, .. taken.Values.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e =>
                $"{e.Ref} is in the catalog already: {OrganisationSource.Of(e.Location)}.")]);
    }

    private static string? Wrong(Descriptor descriptor, string file)
    {
        if (!CatalogRights.Are(descriptor.Ref.Kind))
        {
            return $"{file}: {descriptor.Ref} is neither a person (User) nor a team (Group).";
        }
        // PostgreSQL keeps no text with it.
        if (descriptor.Json.ToJsonString().Contains("\\u0000", StringComparison.Ordinal))
        {
            return $"{file}: {descriptor.Ref} has a character in it that cannot be kept (U+0000).";
        }
        var email = OrganisationInput.Email(descriptor.Json);
        var profile = new Profile(descriptor.Title, descriptor.Description, email);
        return profile.Wrong() is { } wrong ? $"{file}: {descriptor.Ref}: {wrong.Message}" : null;
    }
}
