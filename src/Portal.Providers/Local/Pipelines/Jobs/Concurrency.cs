using Portal.Core.Shared;

namespace Portal.Providers.Local.Pipelines.Jobs;

/// <summary>
/// Concurrency groups: in each one runs at a time and at most one waits; a newer one takes the place of the one that
/// waits.
/// </summary>
internal sealed class Concurrency
{
    private readonly Lock gate = new();
    private readonly Dictionary<(RepositoryName, string), Group> groups = [];

    /// <summary>Waits for its turn. Null: a newer one took the place.</summary>
    /// <param name="cancel">Called when a newer one ends this one.</param>
    public async Task<IDisposable?> EnterAsync(
        RepositoryName repository, string name, bool cancelInProgress, Action cancel, CancellationToken cancellation)
    {
        var key = (repository, name.ToLowerInvariant());
        var turn = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Action? end = null;
        lock (gate)
        {
            if (!groups.TryGetValue(key, out var group)) groups[key] = group = new Group();
            if (group.Cancel is null)
            {
                group.Cancel = cancel;
                turn.SetResult(true);
            }
            else
            {
                group.Waiting?.Turn.TrySetResult(false);
                group.Waiting = (turn, cancel);
                if (cancelInProgress) end = group.Cancel;
            }
        }

        end?.Invoke();
        await using var registration = cancellation.Register(() => turn.TrySetCanceled(cancellation));
        try
        {
            return await turn.Task.ConfigureAwait(false) ? new Place(this, key) : null;
        }
        catch (OperationCanceledException)
        {
            lock (gate)
            {
                if (groups.TryGetValue(key, out var group) && group.Waiting?.Turn == turn) group.Waiting = null;
            }

            throw;
        }
    }

    private void Leave((RepositoryName, string) key)
    {
        lock (gate)
        {
            var group = groups[key];
            while (group.Waiting is { } next)
            {
                (group.Waiting, group.Cancel) = (null, next.Cancel);
                if (next.Turn.TrySetResult(true)) return;
            }

            groups.Remove(key);
        }
    }

    private sealed class Group
    {
        public Action? Cancel { get; set; }

        public (TaskCompletionSource<bool> Turn, Action Cancel)? Waiting { get; set; }
    }

    private sealed class Place(Concurrency owner, (RepositoryName, string) key) : IDisposable
    {
        private int left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref left, 1) == 0) owner.Leave(key);
        }
    }
}
