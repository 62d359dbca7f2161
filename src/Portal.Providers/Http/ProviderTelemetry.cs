using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Portal.Providers.Http;

/// <summary>
/// What an operator sees of the calls to providers. The meter and the source of traces are named
/// <c>Portal.Providers</c>.
/// </summary>
public static class ProviderTelemetry
{
    public const string Name = "Portal.Providers";

    private const string Instance = "portal.provider";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Calls = Meter.CreateCounter<long>(
        "portal.provider.calls", "{call}", "Calls to providers, by how they ended after all attempts.");
    private static readonly Counter<long> Retries = Meter.CreateCounter<long>(
        "portal.provider.retries", "{attempt}", "Attempts after the first, by how the one before ended.");
    private static readonly Counter<double> Waits = Meter.CreateCounter<double>(
        "portal.provider.rate_limit.wait", "s", "Time that calls waited for the rate limits of providers.");

    /// <summary>One call with all its attempts and waits; each attempt is a span of the framework's below it.</summary>
    internal static Activity? Start(string instance, HttpRequestMessage request)
    {
        var activity = Source.StartActivity($"{instance} {request.Method}");
        return activity?.SetTag(Instance, instance).SetTag("http.request.method", request.Method.Method)
            .SetTag("url.full", Redaction.Address(request));
    }

    internal static void End(Activity? activity, Attempt last)
    {
        if (activity is null) return;
        activity.SetTag("outcome", last.Outcome.ToString().ToLowerInvariant());
        if (last.Answer is { } answer) activity.SetTag("http.response.status_code", (int)answer.StatusCode);
        if (last.Outcome != AttemptOutcome.Ok) activity.SetStatus(ActivityStatusCode.Error);
    }

    internal static void Called(string instance, string outcome) =>
        Calls.Add(1, new(Instance, instance), new("outcome", outcome));

    internal static void Retried(string instance, string outcome) =>
        Retries.Add(1, new(Instance, instance), new("outcome", outcome));

    internal static void Waited(string instance, TimeSpan time)
    {
        // Less is not the provider's doing.
        if (time > TimeSpan.FromMilliseconds(1))
        {
            Waits.Add(time.TotalSeconds, new KeyValuePair<string, object?>(Instance, instance));
        }
    }
}
