using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Catalog.Repositories;

/// <summary>Repositories as their hosts said lately; a host that has not said anything for a while is asked.</summary>
public sealed class KnownRepositories(
    IDbContextFactory<PortalDbContext> database, ProviderRegistry providers, SeenRepositories repositories,
    TimeProvider time)
{
    /// <summary>A default branch changes once in years; an event that was missed is made up for after this.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The one that has the name, or had it last. Null when the host has none, or is not set up any more.
    /// </summary>
    /// <exception cref="ProviderException">The host has to be asked and does not answer.</exception>
    public async Task<RepositoryRow?> FindAsync(string provider, RepositoryName name, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        if (await db.RepositoryAsync(provider, name.ToString(), cancellation) is { } id)
        {
            return await FindAsync(id, cancellation);
        }
        if (providers.Find<IRepositoryHost>(provider) is not { } host) return null;
        return await host.FindAsync(name, cancellation) is { } seen
            ? await repositories.SeeAsync(provider, seen, cancellation)
            : null;
    }

    /// <summary>The one of that row, whatever it is called by now. Null when it is gone.</summary>
    /// <exception cref="ProviderException">The host has to be asked and does not answer.</exception>
    public async Task<RepositoryRow?> FindAsync(Guid id, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var row = await db.Set<RepositoryRow>().AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, cancellation);
        if (row is null or { GoneAt: not null }) return null;
        if (time.GetUtcNow() - row.SeenAt < Fresh) return row;
        if (providers.Find<IRepositoryHost>(row.Provider) is not { } host)
        {
            return row.DefaultBranch.Length > 0 ? row : null;
        }
        if (await host.FindAsync(RepositoryName.Parse(row.Name), cancellation) is not { } seen) return null;
        // Under its name there may be another by now.
        return await repositories.SeeAsync(row.Provider, seen, cancellation) is { } now && now.Id == id ? now : null;
    }
}
