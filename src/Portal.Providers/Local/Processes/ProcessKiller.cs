using System.Diagnostics;

namespace Portal.Providers.Local.Processes;

/// <summary>
/// Ends everything that carries a tag. Behind walls the sandbox's first process carries it, and everything inside ends
/// with that.
/// </summary>
internal static class ProcessKiller
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(15);

    /// <summary>
    /// Asks with SIGTERM, waits at most <paramref name="grace"/>, then kills until nothing is left. Returns how many it
    /// found at first.
    /// </summary>
    /// <param name="prefix">Every tag that starts with <paramref name="tag"/>.</param>
    /// <param name="except">A tag that is left alone.</param>
    public static async Task<int> EndAsync(string tag, TimeSpan grace, bool prefix = false, string? except = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(tag);
        // The first process of a sandbox takes leave of its memory, and so of its tag, before it has ended the others:
        // who was seen is waited for.
        var seen = new Dictionary<int, long>();
        var first = Find();
        if (first.Count == 0) return 0;
        foreach (var pid in first) Signal(pid, Native.SigTerm);
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < grace;)
        {
            if (Find().Count == 0) return first.Count;
            await Task.Delay(Look).ConfigureAwait(false);
        }

        // What forks while it is being killed is caught by the next round.
        for (var round = 0; round < 400; round++)
        {
            var left = Find();
            if (left.Count == 0) return first.Count;
            foreach (var pid in left) Signal(pid, Native.SigKill);
            await Task.Delay(Look).ConfigureAwait(false);
        }

        throw new IOException($"Processes of '{tag}' could not be ended.");

        List<int> Find()
        {
            foreach (var pid in ProcessTable.FindByTag(tag, prefix))
            {
                if ((except is null || !ProcessTable.HasTag(pid, except)) && ProcessTable.StartTime(pid) is { } started)
                {
                    seen[pid] = started;
                }
            }

            return [.. seen.Where(s => ProcessTable.StartTime(s.Key) == s.Value).Select(s => s.Key)];
        }
    }

    /// <summary>The process, and its group when it leads one.</summary>
    private static void Signal(int pid, int signal)
    {
        _ = Native.Kill(-pid, signal);
        _ = Native.Kill(pid, signal);
    }
}
