using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;

namespace Portal.Core.Runs.Execution;

/// <summary>Hears, on the replica that executes a run, that somebody wants it to stop.</summary>
internal sealed class CancelWatch(IDbContextFactory<PortalDbContext> database, RunListener notifications)
{
    /// <summary>It looks at least this often, should a notification have been lost with a connection.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Until the result is disposed.</summary>
    public IAsyncDisposable Watch(Guid run, RunAttempt attempt) => new Watching(this, run, attempt);

    private async Task WatchAsync(Guid run, RunAttempt attempt, CancellationToken done)
    {
        try
        {
            using var asked = notifications.Cancels(run);
            while (true)
            {
                // Whether somebody wanted it before, the attempt has read from the row.
                await asked.WaitAsync(Patience, done);
                await using var db = await database.CreateDbContextAsync(done);
                if (!await db.Set<Run>().Where(r => r.Id == run).Select(r => r.CancelRequested).SingleAsync(done))
                {
                    continue;
                }
                await attempt.CancelAsync();
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // The attempt is over.
        }
        catch (Exception e) when (DatabaseTrouble.Is(e))
        {
            // The attempt meets the same trouble, and the next one reads the wish from the row.
        }
    }

    private sealed class Watching : IAsyncDisposable
    {
        private readonly CancellationTokenSource done = new();
        private readonly Task task;

        public Watching(CancelWatch watch, Guid run, RunAttempt attempt) =>
            task = watch.WatchAsync(run, attempt, done.Token);

        public async ValueTask DisposeAsync()
        {
            await done.CancelAsync();
            await task;
            done.Dispose();
        }
    }
}
