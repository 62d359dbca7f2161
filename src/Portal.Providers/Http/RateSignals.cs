using System.Globalization;
using System.Net;

namespace Portal.Providers.Http;

/// <summary>
/// What an answer says about the provider's rate limit. Times are spans from now, so that clocks need not agree.
/// </summary>
/// <param name="IsRefusal">The provider did not do the call because of its limits.</param>
/// <param name="Pause">How long to send nothing.</param>
/// <param name="Remaining">Calls that are left in the present window.</param>
/// <param name="Reset">Until the window ends.</param>
/// <param name="Resource">
/// What the provider counted the call as, where it counts several things (<c>x-ratelimit-resource</c>).
/// </param>
internal readonly record struct RateSignals(
    bool IsRefusal, TimeSpan? Pause, long? Remaining, TimeSpan? Reset, string? Resource = null)
{
    /// <summary>
    /// Above it a reset is a moment in Unix seconds (GitHub), below it a span in seconds (the IETF draft).
    /// </summary>
    private const long LeastUnixTime = 1_000_000_000;

    public static RateSignals Read(HttpResponseMessage answer, TimeProvider time)
    {
        // Moments are of the provider's clock, and so is the date of its answer.
        var now = answer.Headers.Date ?? time.GetUtcNow();
        var (remaining, reset) = (Number(answer, "x-ratelimit-remaining", "ratelimit-remaining"), ResetOf(answer, now));
        var retryAfter = RetryAfter(answer, now);
        var isRefusal = answer.StatusCode switch
        {
            HttpStatusCode.TooManyRequests => true,
            HttpStatusCode.ServiceUnavailable => retryAfter is not null,
            // GitHub's way to say 429.
            HttpStatusCode.Forbidden => retryAfter is not null || remaining is 0,
            _ => false,
        };
        return new RateSignals(
            isRefusal, isRefusal ? retryAfter ?? (remaining is 0 ? reset : null) : null, remaining, reset,
            ResourceOf(answer));
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage answer, DateTimeOffset now) =>
        answer.Headers.RetryAfter switch
    {
        { Delta: { } delta } => Sane(delta),
        { Date: { } date } => Sane(date - now),
        _ => null,
    };

    private static TimeSpan? ResetOf(HttpResponseMessage answer, DateTimeOffset now) =>
        Number(answer, "x-ratelimit-reset", "ratelimit-reset") switch
    {
        null or > 253_402_300_799 or < 0 => null,
        >= LeastUnixTime and var moment => Sane(DateTimeOffset.FromUnixTimeSeconds(moment) - now),
        { } seconds => Sane(TimeSpan.FromSeconds(seconds)),
    };

    /// <summary>A day at most: nobody asks for more in earnest.</summary>
    private static TimeSpan Sane(TimeSpan span) => TimeSpan.FromTicks(Math.Clamp(span.Ticks, 0, TimeSpan.TicksPerDay));

    private static string? ResourceOf(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("x-ratelimit-resource", out var values)
            && values.First() is { Length: > 0 and <= 50 } name ? name : null;

    private static long? Number(HttpResponseMessage answer, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (answer.Headers.TryGetValues(name, out var values)
                && long.TryParse(values.First(), CultureInfo.InvariantCulture, out var number)) return number;
        }
        return null;
    }
}
