using System.Collections.Concurrent;

namespace Portal.Providers.Http;

/// <summary>
/// The gates of one provider instance: one for each thing that the provider counts by itself. A host counts by
/// credential (each account has its own limit) and by resource (GitHub: core, search, graphql).
/// </summary>
internal sealed class RateGates(TimeProvider time, TimeSpan patience) : IDisposable
{
    private readonly ConcurrentDictionary<RateBucket, RateGate> gates = new();

    public RateGate For(RateBucket bucket) => gates.GetOrAdd(bucket, _ => new RateGate(time, patience));

    /// <summary>
    /// What an answer said, to the gate that it is about: the count to that of its resource, a pause to all of the
    /// account. Where nothing remains the pause is that of one resource alone.
    /// </summary>
    public void Report(RateBucket asked, RateGate.Pass pass, RateSignals signals)
    {
        var counted = signals.Resource is { } resource ? asked with { Resource = resource } : asked;
        if (counted == asked) pass.Report(signals);
        else
        {
            For(counted).Report(signals);
            // The one that was refused waits, whatever its count is called.
            if (signals.Pause is not null) pass.Report(signals with { Remaining = null, Reset = null });
        }
        if (signals.Pause is null || signals.Remaining is 0) return;
        foreach (var (bucket, gate) in gates)
        {
            if (bucket.Account == asked.Account && bucket != asked && bucket != counted)
            {
                gate.Report(signals with { Remaining = null, Reset = null });
            }
        }
    }

    public void Dispose()
    {
        foreach (var gate in gates.Values) gate.Dispose();
    }
}

/// <param name="Account">
/// Whose limit it is, e.g. the organisation that the token is for; empty where there is one only.
/// </param>
/// <param name="Resource">What is counted by itself; <c>core</c> unless the provider says otherwise.</param>
internal readonly record struct RateBucket(string Account, string Resource)
{
    public const string Core = "core";

    private static readonly HttpRequestOptionsKey<RateBucket> Key = new("portal.rate-bucket");

    public static RateBucket Of(HttpRequestMessage request) =>
        request.Options.TryGetValue(Key, out var bucket) ? bucket : new RateBucket("", Core);

    internal static void Set(HttpRequestMessage request, RateBucket bucket) => request.Options.Set(Key, bucket);
}
