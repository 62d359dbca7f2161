using Portal.Core.Shared;

namespace Portal.Core.Providers;

/// <summary>
/// Capability: what the provider bills. Its figures come late and change: ask again for days that are not long past.
/// </summary>
public interface ICostSource : IProvider
{
    /// <summary>
    /// All that is booked on the days, in no order: several lines may be of one day, scope and service. The whole of it
    /// or an exception, never a part; empty when nothing is booked, or <paramref name="to"/> is before
    /// <paramref name="from"/>.
    /// </summary>
    /// <param name="from">First day, UTC.</param>
    /// <param name="to">Last day, inclusive.</param>
    /// <exception cref="ProviderException">
    /// Forbidden when the credentials may not read costs; Unavailable when there is no answer for now, or one that
    /// cannot be read.
    /// </exception>
    Task<IReadOnlyList<BilledCost>> BilledAsync(DateOnly from, DateOnly to, CancellationToken cancellation);
}

/// <param name="EnvironmentId">The portal's id, where the bill tells it; null for what is not the portal's.</param>
/// <param name="Scope">What the provider books it on, e.g. a resource group.</param>
/// <param name="Service">"Azure Container Apps".</param>
/// <param name="Amount">
/// Of that day, before credits, in the currency that is billed; below 0 for what is given back.
/// </param>
public sealed record BilledCost(DateOnly Day, string? EnvironmentId, string Scope, string Service, Money Amount);
