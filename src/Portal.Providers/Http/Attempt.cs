using System.Net;

namespace Portal.Providers.Http;

/// <summary>How one attempt ended. Its name, in lower case, is the outcome in the metrics.</summary>
internal enum AttemptOutcome
{
    /// <summary>2xx and 3xx.</summary>
    Ok,
    /// <summary>4xx: the request is wrong as it is.</summary>
    Refused,
    /// <summary>The provider's limits; it did nothing.</summary>
    Limited,
    /// <summary>5xx.</summary>
    Failed,
    TimedOut,
    /// <summary>The connection ended before the answer did.</summary>
    Cut,
    /// <summary>There was no connection.</summary>
    Unreachable,
    TooLarge,
}

/// <param name="Answer">Whole, with its body; null when there is none.</param>
/// <param name="Reason">Why there is no answer, redacted.</param>
/// <param name="Pause">How long the provider wants to be left alone.</param>
internal sealed record Attempt(
    AttemptOutcome Outcome, HttpResponseMessage? Answer, string? Reason = null, TimeSpan? Pause = null)
{
    /// <summary>For the log: method and address without secrets.</summary>
    public string Request { get; init; } = "";

    /// <summary>Another attempt can do no harm, and may go better.</summary>
    public bool MayRepeat { get; init; }

    public bool MayHaveHappened =>
        Outcome is AttemptOutcome.Failed or AttemptOutcome.TimedOut or AttemptOutcome.Cut or AttemptOutcome.TooLarge;

    /// <summary>It may go better next time, whatever was asked.</summary>
    public bool IsTransient =>
        Outcome is AttemptOutcome.Limited or AttemptOutcome.TimedOut or AttemptOutcome.Cut or AttemptOutcome.Unreachable
        || (Outcome == AttemptOutcome.Failed
            && Answer is { StatusCode: not (HttpStatusCode.NotImplemented or HttpStatusCode.HttpVersionNotSupported) });

    public static AttemptOutcome OutcomeOf(HttpResponseMessage answer, RateSignals signals) =>
        (int)answer.StatusCode switch
    {
        _ when signals.IsRefusal => AttemptOutcome.Limited,
        // The server gave up waiting for the request: it may have had enough of it.
        >= 500 or 408 => AttemptOutcome.Failed,
        >= 400 => AttemptOutcome.Refused,
        _ => AttemptOutcome.Ok,
    };
}
