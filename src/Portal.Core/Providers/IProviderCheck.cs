namespace Portal.Core.Providers;

/// <summary>Capability: telling whether the instance can be used with the credentials that it has.</summary>
public interface IProviderCheck : IProvider
{
    /// <summary>Asks the provider; never throws for what can be expected.</summary>
    Task<ProviderCheck> CheckAsync(CancellationToken cancellation);
}

/// <param name="Summary">"Signed in as the app portal, installed in shop".</param>
/// <param name="Problems">Each says what to change; empty when it can be used.</param>
public sealed record ProviderCheck(string Summary, IReadOnlyList<string> Problems)
{
    public bool IsUsable => Problems.Count == 0;
}
