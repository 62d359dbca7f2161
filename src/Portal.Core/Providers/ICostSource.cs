using Portal.Core.Shared;

namespace Portal.Core.Providers;

/// <summary>Capability: what the provider bills. Its figures come late and change: ask again for days that are not long past.</summary>
public interface ICostSource : IProvider
{
    /// <param name="from">First day, UTC.</param>
    /// <param name="to">Last day, inclusive.</param>
    Task<IReadOnlyList<BilledCost>> BilledAsync(DateOnly from, DateOnly to, CancellationToken cancellation);
}

/// <param name="EnvironmentId">The portal's id, where the bill tells it; null for what is not the portal's.</param>
/// <param name="Scope">What the provider books it on, e.g. a resource group.</param>
/// <param name="Service">"Azure Container Apps".</param>
/// <param name="Amount">Of that day, before credits.</param>
public sealed record BilledCost(DateOnly Day, string? EnvironmentId, string Scope, string Service, Money Amount);
