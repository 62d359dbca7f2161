using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.Local.Environments;

/// <summary>
/// The example price sheet of local environments, <c>Portal:Providers:local:Prices</c>: what an hour of a running
/// environment costs, by its size.
/// </summary>
public sealed class EnvironmentPrices
{
    /// <summary>ISO 4217.</summary>
    public string Currency { get; set; } = "EUR";

    /// <summary>Shown beside every price that comes from here.</summary>
    public string Source { get; set; } = "example price sheet";

    public decimal Small { get; set; } = 0.008m;
    public decimal Medium { get; set; } = 0.016m;
    public decimal Large { get; set; } = 0.032m;

    /// <summary>The sizes on offer, smallest first.</summary>
    internal IReadOnlyList<EnvironmentSize> Sizes() =>
    [
        new("small", Cpu: 0.25m, MemoryMiB: 256, new Money(Small, Currency), Source),
        new("medium", Cpu: 0.5m, MemoryMiB: 512, new Money(Medium, Currency), Source),
        new("large", Cpu: 1m, MemoryMiB: 1024, new Money(Large, Currency), Source),
    ];
}
