using System.Diagnostics;

namespace Portal.Providers.Local.Repositories;

/// <summary>
/// Places for requests to git, each of which holds two to four processes. A person and a team have so many at once and
/// no more, so that none of them takes all; who waits for a place of their own keeps none from others.
/// </summary>
internal sealed class GitPlaces(LocalOptions options) : IDisposable
{
    private readonly SemaphoreSlim all = new(options.GitAtOnce, options.GitAtOnce);
    private readonly Dictionary<string, Line> lines = new(StringComparer.Ordinal);

    /// <summary>Null when there was none in time, or when too many of the person's wait already.</summary>
    public async Task<IDisposable?> TakeAsync(string person, string team, CancellationToken cancellation)
    {
        var taken = new Taken();
        var began = Stopwatch.GetTimestamp();
        try
        {
            var isFree = await EnterAsync(taken, "person " + person, options.GitAtOncePerPerson, began, cancellation)
                && await EnterAsync(taken, "team " + team, options.GitAtOncePerTeam, began, cancellation)
                && await WaitAsync(all, began, cancellation);
            if (isFree)
            {
                taken.Add(() => all.Release());
                return taken;
            }
        }
        catch
        {
            taken.Dispose();
            throw;
        }
        taken.Dispose();
        return null;
    }

    public void Dispose() => all.Dispose();

    private async Task<bool> EnterAsync(Taken taken, string key, int places, long began, CancellationToken cancellation)
    {
        var line = Join(key, places);
        taken.Add(() => Leave(key, line));
        // Who waits costs a connection: not without end either.
        if (line.Members > places * 10 || !await WaitAsync(line.Places, began, cancellation)) return false;
        taken.Add(() => line.Places.Release());
        return true;
    }

    private Task<bool> WaitAsync(SemaphoreSlim places, long began, CancellationToken cancellation)
    {
        var left = TimeSpan.FromSeconds(options.GitWaitSeconds) - Stopwatch.GetElapsedTime(began);
        return places.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellation);
    }

    private Line Join(string key, int places)
    {
        lock (lines)
        {
            if (!lines.TryGetValue(key, out var line)) lines[key] = line = new Line(new SemaphoreSlim(places, places));
            line.Members++;
            return line;
        }
    }

    /// <summary>A line that nobody stands in is forgotten: names come from outside.</summary>
    private void Leave(string key, Line line)
    {
        lock (lines)
        {
            if (--line.Members == 0) lines.Remove(key);
        }
    }

    private sealed class Line(SemaphoreSlim places)
    {
        public SemaphoreSlim Places => places;

        /// <summary>Who has a place or waits for one.</summary>
        public int Members { get; set; }
    }

    private sealed class Taken : IDisposable
    {
        private readonly Stack<Action> steps = new();

        public void Add(Action giveBack) => steps.Push(giveBack);

        public void Dispose()
        {
            while (steps.TryPop(out var step)) step();
        }
    }
}
