using Microsoft.EntityFrameworkCore;
using Portal.Core.Catalog.Repositories;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Delivery;

/// <summary>
/// The one answer to "which version is the newest": the newest run that passed on the repository's default branch and
/// left the artifact. A branch that nobody has merged is no version, whoever asks. A run that somebody names is
/// another, explicit thing.
/// </summary>
public sealed class NewestVersion(
    IDbContextFactory<PortalDbContext> database, KnownRepositories repositories, ProviderRegistry providers,
    IProviderEvents events)
{
    /// <summary>What environments run.</summary>
    public const string Artifact = "app";

    private const int Lately = 20;

    /// <summary>
    /// Null when there is none. What the portal has rows of: a host is asked for its default branch at most.
    /// </summary>
    /// <exception cref="ProviderException">The host has to be asked and does not answer.</exception>
    public async Task<PipelineRun?> FindAsync(
        string provider, RepositoryName repository, CancellationToken cancellation) =>
        await PassedAsync(await repositories.FindAsync(provider, repository, cancellation), cancellation);

    /// <summary>The same of a repository that is known, whatever it is called by now.</summary>
    /// <exception cref="ProviderException">The host has to be asked and does not answer.</exception>
    public async Task<PipelineRun?> FindAsync(Guid repository, CancellationToken cancellation) =>
        await PassedAsync(await repositories.FindAsync(repository, cancellation), cancellation);

    /// <summary>
    /// The same after the host was asked for its newest runs: for who cannot wait for it to tell of them.
    /// </summary>
    public async Task<PipelineRun?> AskAsync(string provider, RepositoryName repository, CancellationToken cancellation)
    {
        var host = providers.Find<IPipelineHost>(provider) ?? providers.Default<IPipelineHost>();
        foreach (var run in await host.ListAsync(repository, Lately, cancellation))
        {
            await events.PipelineRunChangedAsync(host.Instance, run, cancellation);
        }
        return await FindAsync(provider, repository, cancellation);
    }

    /// <summary>
    /// The default branch's newest run, however it went: what says whether a service's pipeline is well. One per
    /// repository.
    /// </summary>
    /// <param name="of">Rows of repositories.</param>
    public async Task<IReadOnlyList<PipelineRun>> StateOfAsync(
        IReadOnlyCollection<Guid> of, CancellationToken cancellation)
    {
        if (of.Count == 0) return [];
        await using var db = await database.CreateDbContextAsync(cancellation);
        var runs = db.Set<PipelineRun>().AsNoTracking()
            .Where(p => p.RepositoryId != null && of.Contains(p.RepositoryId.Value))
            .Where(p => db.Set<RepositoryRow>().Any(r => r.Id == p.RepositoryId && r.DefaultBranch == p.Branch));
        return await runs.Where(p => !runs.Any(q => q.RepositoryId == p.RepositoryId && q.CreatedAt > p.CreatedAt))
            .OrderByDescending(p => p.CreatedAt).ToListAsync(cancellation);
    }

    /// <summary>
    /// How the newest runs of default branches that are over went, the oldest first; per repository that has any.
    /// </summary>
    /// <param name="of">Rows of repositories.</param>
    public async Task<IReadOnlyDictionary<Guid, IReadOnlyList<PipelineStatus>>> LatelyAsync(
        IReadOnlyCollection<Guid> of, int most, CancellationToken cancellation)
    {
        if (of.Count == 0) return new Dictionary<Guid, IReadOnlyList<PipelineStatus>>();
        await using var db = await database.CreateDbContextAsync(cancellation);
        var newest = await db.Set<RepositoryRow>().Where(r => of.Contains(r.Id))
            .SelectMany(r => db.Set<PipelineRun>()
                .Where(p => p.RepositoryId == r.Id && p.Branch == r.DefaultBranch && p.FinishedAt != null)
                .OrderByDescending(p => p.CreatedAt).Take(most)
                .Select(p => new { Repository = r.Id, p.CreatedAt, p.Status }))
            .ToListAsync(cancellation);
        return newest.GroupBy(p => p.Repository).ToDictionary(
            g => g.Key, IReadOnlyList<PipelineStatus> (g) => [.. g.OrderBy(p => p.CreatedAt).Select(p => p.Status)]);
    }

    private async Task<PipelineRun?> PassedAsync(RepositoryRow? known, CancellationToken cancellation)
    {
        if (known is null) return null;
        await using var db = await database.CreateDbContextAsync(cancellation);
        return await db.Set<PipelineRun>().AsNoTracking()
            .Where(r => r.RepositoryId == known.Id && r.Branch == known.DefaultBranch
            && r.Status == PipelineStatus.Passed && r.Artifacts.Contains(Artifact))
            .OrderByDescending(r => r.CreatedAt).ThenByDescending(r => r.Number).FirstOrDefaultAsync(cancellation);
    }
}
