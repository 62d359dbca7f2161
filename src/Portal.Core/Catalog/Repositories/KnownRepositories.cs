using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Catalog.Repositories;

/// <summary>Repositories by provider and name, as their hosts said lately.</summary>
public sealed class KnownRepositories(IDbContextFactory<PortalDbContext> database, ProviderRegistry providers, TimeProvider time)
{
    /// <summary>A default branch changes once in years; an event that was missed is made up for after this.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    /// <summary>Null when the host has no such repository, or is not set up any more.</summary>
    /// <exception cref="ProviderException">The host has to be asked and does not answer.</exception>
    public async Task<RepositoryRow?> FindAsync(string provider, RepositoryName name, CancellationToken cancellation)
    {
        var text = name.ToString();
        await using var db = await database.CreateDbContextAsync(cancellation);
        var row = await db.Set<RepositoryRow>().AsNoTracking().SingleOrDefaultAsync(r => r.Provider == provider && r.Name == text, cancellation);
        if (row is not null && time.GetUtcNow() - row.SeenAt < Fresh) return row;
        if (providers.Find<IRepositoryHost>(provider) is not { } host) return row;
        if (await host.FindAsync(name, cancellation) is { } seen) return await SeeAsync(provider, seen, cancellation);
        await ForgetAsync(provider, text, cancellation);
        return null;
    }

    /// <summary>Keeps what a host said.</summary>
    public async Task<RepositoryRow> SeeAsync(string provider, Repository seen, CancellationToken cancellation)
    {
        var (name, now) = (seen.Name.ToString(), time.Now());
        await using var db = await database.CreateDbContextAsync(cancellation);
        // Two may see it for the first time at once.
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into repositories (provider, name, default_branch, head_commit, owner, web_url, seen_at)
            values ({provider}, {name}, {seen.DefaultBranch}, {seen.HeadCommit}, {seen.Owner}, {seen.WebUrl}, {now})
            on conflict (provider, name) do update set default_branch = excluded.default_branch, head_commit = excluded.head_commit,
              owner = excluded.owner, web_url = excluded.web_url, seen_at = excluded.seen_at
            """, cancellation);
        var row = new RepositoryRow { Provider = provider, Name = name };
        row.See(seen, now);
        return row;
    }

    /// <summary>The next who asks looks at the host: something was said of it that a row does not have.</summary>
    public async Task ForgetAsync(string provider, string name, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        await db.Set<RepositoryRow>().Where(r => r.Provider == provider && r.Name == name).ExecuteDeleteAsync(cancellation);
    }
}
