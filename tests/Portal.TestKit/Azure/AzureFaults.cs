namespace Portal.TestKit.Azure;

public enum AzureFault
{
    /// <summary>500, and nothing was done.</summary>
    FailBefore,

    /// <summary>The work is done, the answer is 500.</summary>
    FailAfter,

    /// <summary>503 without a word about when, and nothing was done.</summary>
    Unavailable,

    /// <summary>429 with Retry-After, and nothing was done.</summary>
    Limit,

    /// <summary>The work is done, no answer comes until the client is gone.</summary>
    HangAfter,

    /// <summary>The work is done, the connection ends before the answer.</summary>
    CutAfter,
}

/// <summary>What goes wrong at which route; a fault wears off after its number of times.</summary>
public sealed class AzureFaults
{
    private readonly Lock access = new();
    private readonly Dictionary<string, Queue<(AzureFault Fault, TimeSpan Wait)>> planned = new(StringComparer.Ordinal);
    private readonly List<(string Route, AzureFault Fault)> happened = [];

    /// <summary>What every request meets for which nothing else is planned, until it is null again.</summary>
    public AzureFault? Everywhere { get; set; }

    public IReadOnlyList<(string Route, AzureFault Fault)> Happened
    {
        get
        {
            lock (access) return [.. happened];
        }
    }

    /// <param name="route">One of <see cref="AzureRoutes"/>.</param>
    /// <param name="wait">Retry-After of <see cref="AzureFault.Limit"/>, 1 s unless given.</param>
    public AzureFaults Plan(string route, AzureFault fault, int times = 1, TimeSpan? wait = null)
    {
        lock (access)
        {
            if (!planned.TryGetValue(route, out var queue)) planned[route] = queue = new();
            for (var i = 0; i < times; i++) queue.Enqueue((fault, wait ?? TimeSpan.FromSeconds(1)));
        }
        return this;
    }

    public void Clear()
    {
        lock (access) planned.Clear();
    }

    internal (AzureFault Fault, TimeSpan Wait)? Take(string route)
    {
        lock (access)
        {
            if (!planned.TryGetValue(route, out var queue) || !queue.TryDequeue(out var fault))
            {
                if (Everywhere is not { } everywhere) return null;
                fault = (everywhere, TimeSpan.FromSeconds(1));
            }
            happened.Add((route, fault.Fault));
            return fault;
        }
    }
}
