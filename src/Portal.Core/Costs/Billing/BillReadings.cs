using System.Collections.Concurrent;

namespace Portal.Core.Costs.Billing;

/// <param name="At">When it last answered; null when not since this process started.</param>
/// <param name="Problem">Why its last answer did not come; null when it did.</param>
public sealed record BillReading(DateTimeOffset? At, string? Problem);

/// <summary>
/// How reading the bills went, as this process knows it. That a provider has been silent for long tell the rows
/// themselves, on every replica; here are the words that it had for it.
/// </summary>
public sealed class BillReadings
{
    private readonly ConcurrentDictionary<string, BillReading> readings = new(StringComparer.Ordinal);

    public BillReading Of(string provider) => readings.GetValueOrDefault(provider) ?? new BillReading(null, null);

    public void Succeeded(string provider, DateTimeOffset at) => readings[provider] = new BillReading(at, null);

    public void Failed(string provider, string problem) => readings[provider] = Of(provider) with { Problem = problem };
}
