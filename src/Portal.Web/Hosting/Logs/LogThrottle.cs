namespace Portal.Web.Hosting.Logs;

/// <summary>
/// Lets the first few warnings and errors of a kind through in each minute, and counts the others: a database that is
/// away would else be told of thousands of times.
/// </summary>
internal sealed class LogThrottle(TimeProvider time)
{
    /// <summary>Per minute, of one message.</summary>
    public const int OfAKind = 3;

    /// <summary>Per minute, of one category.</summary>
    public const int OfACategory = 10;

    /// <summary>More kinds than this are not told apart: code has far fewer.</summary>
    private const int MostKinds = 2_000;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<(string Category, string? Message), Count> counts = [];

    /// <summary>Whether it is to be written.</summary>
    public bool Lets(string category, string message)
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            var kind = Of((category, counts.Count < MostKinds ? message : ""), now);
            var all = Of((category, null), now);
            if (kind.Written < OfAKind && all.Written < OfACategory)
            {
                kind.Written++;
                all.Written++;
                return true;
            }

            kind.Held++;
            return false;
        }
    }

    /// <summary>What was held back since it was last asked, of windows that are over.</summary>
    public IReadOnlyList<(string Category, string Message, int Count)> TakeHeld(bool all = false)
    {
        lock (gate)
        {
            var over = counts.Where(c => all || time.GetElapsedTime(c.Value.Began) >= Window).ToList();
            foreach (var (key, _) in over) counts.Remove(key);
            return [.. over.Where(c => c.Value.Held > 0)
                .Select(c => (c.Key.Category, c.Key.Message ?? "", c.Value.Held))];
        }
    }

    /// <summary>A window that is over stays until it was told; what comes meanwhile belongs to it.</summary>
    private Count Of((string, string?) key, long now) =>
        counts.TryGetValue(key, out var count) ? count : counts[key] = new Count { Began = now };

    private sealed class Count
    {
        public required long Began { get; init; }
        public int Written { get; set; }
        public int Held { get; set; }
    }
}
