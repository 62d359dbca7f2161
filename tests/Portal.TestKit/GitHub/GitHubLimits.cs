namespace Portal.TestKit.GitHub;

/// <summary>How much may be asked. Answers with 304 do not count.</summary>
public sealed class GitHubLimits(TimeProvider clock)
{
    private readonly Lock access = new();
    private int secondary;
    private (int Status, TimeSpan? RetryAfter) how;
    private int used;

    /// <summary>Requests per hour.</summary>
    public int Limit { get; set; } = 5000;

    /// <summary>When the hour is over, and all may be asked again.</summary>
    public DateTimeOffset Reset { get; private set; } = clock.GetUtcNow().AddHours(1);

    public int Used
    {
        get
        {
            lock (access) return used;
        }
    }

    public int Remaining => Math.Max(0, Limit - Used);

    /// <summary>
    /// The primary limit is reached: 403 with <c>x-ratelimit-remaining: 0</c> until <paramref name="reset"/>.
    /// </summary>
    public void Exhaust(DateTimeOffset? reset = null)
    {
        lock (access) (used, Reset) = (Limit, reset ?? Reset);
    }

    /// <summary>The next requests meet the secondary limit.</summary>
    /// <param name="status">403 or 429; GitHub uses both.</param>
    /// <param name="retryAfter">Whole seconds; null = the header is missing, as it sometimes is.</param>
    public void Secondary(int times = 1, int status = 403, TimeSpan? retryAfter = null)
    {
        lock (access) (secondary, how) = (times, (status, retryAfter));
    }

    internal (int Status, TimeSpan? RetryAfter)? TakeSecondary()
    {
        lock (access) return secondary-- > 0 ? how : null;
    }

    /// <returns>False when the limit is reached.</returns>
    internal bool TryCount()
    {
        lock (access)
        {
            StartAgain();
            if (used >= Limit) return false;
            used++;
            return true;
        }
    }

    internal void GiveBack()
    {
        lock (access) used = Math.Max(0, used - 1);
    }

    private void StartAgain()
    {
        if (clock.GetUtcNow() >= Reset) (used, Reset) = (0, clock.GetUtcNow().AddHours(1));
    }
}
