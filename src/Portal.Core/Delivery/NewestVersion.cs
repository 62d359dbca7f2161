using Microsoft.EntityFrameworkCore;
using Portal.Core.Catalog.Repositories;
using Portal.Core.Data;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Delivery;

/// <summary>
/// The one answer to "which version is the newest": the newest run that passed on the repository's default branch and left the artifact.
/// A branch that nobody has merged is no version, whoever asks. A run that somebody names is another, explicit thing.
/// </summary>
public sealed class NewestVersion(IDbContextFactory<PortalDbContext> database, KnownRepositories repositories, ProviderRegistry providers, IProviderEvents events)
{
    /// <summary>What environments run.</summary>
    public const string Artifact = "app";

    private const int Lately = 20;

    /// <summary>Null when there is none. What the portal has rows of: a host is asked for its default branch at most.</summary>
    /// <exception cref="ProviderException">The host has to be asked and does not answer.</exception>
    public async Task<PipelineRun?> FindAsync(string provider, RepositoryName repository, CancellationToken cancellation)
    {
        if (await repositories.FindAsync(provider, repository, cancellation) is not { } known) return null;
        await using var db = await database.CreateDbContextAsync(cancellation);
        return await Passed(db, provider, repository.ToString(), known.DefaultBranch).FirstOrDefaultAsync(cancellation);
    }

    /// <summary>The same after the host was asked for its newest runs: for who cannot wait for it to tell of them.</summary>
    public async Task<PipelineRun?> AskAsync(string provider, RepositoryName repository, CancellationToken cancellation)
    {
        var host = providers.Find<IPipelineHost>(provider) ?? providers.Default<IPipelineHost>();
        foreach (var run in await host.ListAsync(repository, Lately, cancellation)) await events.PipelineRunChangedAsync(host.Instance, run, cancellation);
        return await FindAsync(provider, repository, cancellation);
    }

    /// <summary>The default branch's newest run, however it went: what says whether a service's pipeline is well. One per repository.</summary>
    public async Task<IReadOnlyList<PipelineRun>> StateOfAsync(IReadOnlyCollection<(string Provider, string Repository)> of, CancellationToken cancellation)
    {
        if (of.Count == 0) return [];
        var (instances, names) = (of.Select(r => r.Provider).ToList(), of.Select(r => r.Repository).ToList());
        await using var db = await database.CreateDbContextAsync(cancellation);
        var runs = db.Set<PipelineRun>().AsNoTracking().Where(p => instances.Contains(p.Provider) && names.Contains(p.Repository))
            .Where(p => db.Set<RepositoryRow>().Any(r => r.Provider == p.Provider && r.Name == p.Repository && r.DefaultBranch == p.Branch));
        var newest = await runs.Where(p => !runs.Any(q => q.Provider == p.Provider && q.Repository == p.Repository && q.CreatedAt > p.CreatedAt))
            .OrderByDescending(p => p.CreatedAt).ToListAsync(cancellation);
        return newest.FindAll(p => of.Contains((p.Provider, p.Repository)));
    }

    private static IQueryable<PipelineRun> Passed(PortalDbContext db, string provider, string repository, string branch) => db.Set<PipelineRun>().AsNoTracking()
        .Where(r => r.Provider == provider && r.Repository == repository && r.Branch == branch && r.Status == PipelineStatus.Passed && r.Artifacts.Contains(Artifact))
        .OrderByDescending(r => r.CreatedAt).ThenByDescending(r => r.Number);
}
