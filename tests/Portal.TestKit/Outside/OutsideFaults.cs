namespace Portal.TestKit.Outside;

public enum OutsideFault
{
    /// <summary>500, and nothing was done.</summary>
    FailBefore,

    /// <summary>502 of something in between, and nothing was done.</summary>
    BadGateway,

    /// <summary>403: the credentials may do nothing, and nothing was done.</summary>
    Refuse,

    /// <summary>The work is done, the answer is 500.</summary>
    FailAfter,

    /// <summary>429 with Retry-After, and nothing was done.</summary>
    Limit,

    /// <summary>The work is done, no answer comes until the client is gone.</summary>
    HangAfter,

    /// <summary>The work is done, the connection ends half-way through the answer.</summary>
    CutAfter,

    /// <summary>The work is done after a while, and answered.</summary>
    Delay,
}

/// <summary>
/// What goes wrong at which route. Switched by the test at any moment; a fault wears off after its number of times.
/// </summary>
public sealed class OutsideFaults
{
    private readonly Lock access = new();
    private readonly Dictionary<string, Queue<Planned>> planned = new(StringComparer.Ordinal);
    private readonly List<(string Route, OutsideFault Fault)> happened = [];

    /// <summary>What every request meets for which nothing else is planned, until it is null again.</summary>
    public OutsideFault? Everywhere { get; set; }

    /// <summary>What went wrong so far, oldest first.</summary>
    public IReadOnlyList<(string Route, OutsideFault Fault)> Happened
    {
        get
        {
            lock (access) return [.. happened];
        }
    }

    /// <param name="route">
    /// One of <see cref="OutsideRoutes"/>; of GitHub's world the operation, such as <c>POST /orgs/{org}/repos</c>.
    /// Several faults of one route come one after the other.
    /// </param>
    /// <param name="times">How many requests meet it.</param>
    /// <param name="wait">Retry-After of <see cref="OutsideFault.Limit"/>, 1 s unless given; the time of
    /// <see cref="OutsideFault.Delay"/>.</param>
    public OutsideFaults Plan(string route, OutsideFault fault, int times = 1, TimeSpan? wait = null)
    {
        lock (access)
        {
            if (!planned.TryGetValue(route, out var queue)) planned[route] = queue = new Queue<Planned>();
            for (var i = 0; i < times; i++) queue.Enqueue(new Planned(fault, wait ?? TimeSpan.FromSeconds(1)));
        }
        return this;
    }

    public void Clear()
    {
        lock (access) planned.Clear();
    }

    internal Planned? Take(string route)
    {
        lock (access)
        {
            if (!planned.TryGetValue(route, out var queue) || !queue.TryDequeue(out var fault))
            {
                if (Everywhere is not { } everywhere) return null;
                fault = new Planned(everywhere, TimeSpan.FromSeconds(1));
            }
            happened.Add((route, fault.Fault));
            return fault;
        }
    }

    internal sealed record Planned(OutsideFault Fault, TimeSpan Wait);
}
