namespace Portal.Core.Providers;

/// <summary>Capability: telling whether the instance can be used with the credentials that it has.</summary>
public interface IProviderCheck : IProvider
{
    /// <summary>
    /// Asks the provider, anew each time, and changes nothing there. Never throws for what can be expected: a host that
    /// is down or refuses is a problem of the answer. Being cancelled ends it with OperationCanceledException.
    /// </summary>
    Task<ProviderCheck> CheckAsync(CancellationToken cancellation);
}

/// <param name="Summary">"Signed in as the app portal, installed in shop".</param>
/// <param name="Problems">
/// Each once, in one or two sentences that say what to change, and hold no secret; empty when it can be used.
/// </param>
public sealed record ProviderCheck(string Summary, IReadOnlyList<string> Problems)
{
    public bool IsUsable => Problems.Count == 0;
}
