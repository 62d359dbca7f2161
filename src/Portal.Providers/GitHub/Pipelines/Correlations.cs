using Microsoft.Extensions.Caching.Memory;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Api;

namespace Portal.Providers.GitHub.Pipelines;

/// <summary>
/// Which run belongs to which effect. GitHub keeps no such key: the workflow shows it in the run's title. What this
/// process started it remembers besides, for GitHub's list lags behind.
/// </summary>
internal sealed class Correlations(GitHubApi client) : IDisposable
{
    private const int Pages = 3;
    private const int Page = 100;
    private const int Kept = 1000;

    private readonly MemoryCache started = new(new MemoryCacheOptions { SizeLimit = Kept });

    public void Remember(RepositoryName name, string correlation, long run) =>
        started.Set((name, correlation), run, new MemoryCacheEntryOptions { Size = 1 });

    public async Task<RunBody?> FindAsync(RepositoryName name, string correlation, CancellationToken cancellation)
    {
        if (correlation.Length == 0) return null;
        if (started.TryGetValue((name, correlation), out long known)
            && await client.FindRunAsync(name, known, cancellation) is { } mine) return mine;
        try
        {
            var seen = 0;
            await foreach (var run in client.RunsAsync(name, null, "workflow_dispatch", Page, cancellation))
            {
                if (run.DisplayTitle?.Contains(correlation, StringComparison.Ordinal) == true) return run;
                if (++seen == Page * Pages) break;
            }
        }
        catch (ProviderException none) when (none.Error.Kind == ErrorKind.NotFound)
        {
            // No such repository.
        }
        return null;
    }

    public void Dispose() => started.Dispose();
}
