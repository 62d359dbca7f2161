using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.Core.Catalog.Discovery;

/// <summary>Takes the descriptor of a repository into the catalog, or says why not.</summary>
public sealed class RegisterFound(ProviderRegistry providers, ICatalogWriter catalog, IOptions<CatalogOptions> options)
{
    /// <summary>
    /// Who pushes to a repository says what is in it, not who may do what: people and groups come from elsewhere.
    /// </summary>
    private static readonly string[] Allowed = ["Component", "API", "Resource", "System", "Domain", "Location"];

    /// <summary>
    /// Taken only where an administrator named the repository: <see cref="CatalogOptions.PeopleSources"/>.
    /// </summary>
    private static readonly string[] People = ["User", "Group"];

    /// <summary>Where descriptors lie unless a source says otherwise.</summary>
    public static readonly IReadOnlyList<string> Usual = ["catalog-info.yaml", "catalog-info.yml"];

    private static readonly RunStatus[] Over = [RunStatus.Completed, RunStatus.Cancelled, RunStatus.Undone];

    /// <summary>Null when the catalog has what the repository says; else the problem in words.</summary>
    public async Task<string?> ExecuteAsync(
        PortalDbContext db, string instance, RepositoryRow repository, DiscoveredRepository found,
        CancellationToken cancellation)
    {
        var known = await db.Set<CatalogEntity>().Where(e => e.RepositoryId == repository.Id)
            .Select(e => new Known(new EntityRef(e.Kind, e.Namespace, e.Name), e.Location, e.RepositoryPath))
            .ToListAsync(cancellation);
        if (found is not { DescriptorPath: { } path, Descriptor: { } text }) return Vanished(known);
        if (known.Count == 0 && await MakerAsync(db, instance, found, cancellation) is { } maker) return maker;
        if (!Descriptor.ParseAll(text, path).TryGet(out var descriptors, out var unreadable)) return unreadable.Message;
        var people = options.Value.TakesPeopleFrom(instance, found.Name.ToString());
        if (descriptors.FirstOrDefault(
            d => !Allowed.Contains(d.Ref.Kind) && !(people && People.Contains(d.Ref.Kind))) is { } wrong)
        {
            return $"{path} describes {wrong.Ref}: only {string.Join(", ", Allowed)} are taken from repositories. Take it out.";
        }
        var (files, missing) = await IncludedAsync(
            instance, found, path, DescriptorIncludes.PathsIn(descriptors.Select(d => d.Json)), cancellation);
        if (missing is not null) return missing;
        // The address by which it was registered, as long as the repository is called so.
        var location =
            known.FirstOrDefault(e => e.Path == path && DescriptorPlaces.Is(e.Location, found.Name, path))?.Location
            ?? DescriptorPlaces.Location(found, path);
        var request = new RegisterDescriptor(text, location, instance, repository.Name)
        {
            Files = files, RepositoryId = repository.Id, RepositoryPath = path,
        };
        if ((await catalog.RegisterAsync(request, Actor.System, cancellation)).Error is { } refused)
        {
            return refused.Message;
        }
        var described = descriptors.Select(d => d.Ref).ToHashSet();
        var left = known.Where(e => e.Path == path && !described.Contains(e.Ref)).ToList();
        return left.Count == 0
            ? null
            : $"{path} does not describe {Names(left)} any more, and the catalog still does. Put it back, or have it removed from the catalog.";
    }

    private static string? Vanished(List<Known> known)
    {
        var left = known.Where(e => e.Path is { } path && Usual.Contains(path)).ToList();
        return left.Count == 0
            ? null
            : $"Its descriptor is gone, and the catalog still has {Names(left)} from it. Put it back, or have the entries removed from the catalog.";
    }

    /// <summary>
    /// A repository that a run is making is registered by the run, so that its undoing takes back what it did.
    /// </summary>
    private async Task<string?> MakerAsync(
        PortalDbContext db, string instance, DiscoveredRepository found, CancellationToken cancellation)
    {
        if (providers.Find<IRepositoryHost>(instance) is not { } host) return null;
        if (!Guid.TryParse((await host.FindAsync(found.Name, cancellation))?.Mark, out var mark)) return null;
        var run = await db.Set<Run>().AsNoTracking().Where(r => r.Id == mark && !Over.Contains(r.Status))
            .Select(r => r.Title).FirstOrDefaultAsync(cancellation);
        return run is null
            ? null
            : $"The run that makes it is not over: {run}. It registers the descriptor itself; if it failed, retry or undo it.";
    }

    private async Task<(Dictionary<string, string> Files, string? Missing)> IncludedAsync(
        string instance, DiscoveredRepository found, string path, IReadOnlyList<string> includes,
        CancellationToken cancellation)
    {
        var (files, size) = (new Dictionary<string, string>(StringComparer.Ordinal), 0L);
        if (providers.Find<IRepositoryHost>(instance) is not { } host) return (files, null);
        if (includes.Count > DescriptorLimits.MaxIncludes)
        {
            return (
                files,
                $"{path} takes its text from more than {DescriptorLimits.MaxIncludes} files. Split it, or include less.");
        }
        foreach (var include in includes)
        {
            var place = DescriptorPlaces.Beside(path, include);
            var bytes = place is null
                ? null
                : await host.ReadFileAsync(found.Name, found.HeadCommit ?? found.DefaultBranch, place, cancellation);
            if (bytes is null)
            {
                return (
                    files,
                    $"{path} takes its text from {include}, and there is no such file. Add it, or correct the path.");
            }
            if (bytes.Length > DescriptorLimits.MaxEntity)
            {
                return (
                    files,
                    $"{path} takes its text from {include}, which is larger than {DescriptorLimits.MaxEntity} bytes. Shorten it, or link to it.");
            }
            if ((size += bytes.Length) > DescriptorLimits.MaxEntitiesOfFile)
            {
                return (
                    files,
                    $"The files from which {path} takes its text are larger than {DescriptorLimits.MaxEntitiesOfFile} bytes together. Split it, or include less.");
            }
            files[include] = Encoding.UTF8.GetString(bytes);
        }
        return (files, null);
    }

    private sealed record Known(EntityRef Ref, string Location, string? Path);

    private static string Names(IEnumerable<Known> entities) => string.Join(", ", entities.Select(e => e.Ref).Take(5));
}
