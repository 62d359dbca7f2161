namespace Portal.Providers.GitHub.Access;

/// <summary>The token for a call. It may have to be got first.</summary>
internal interface IGitHubCredentials
{
    /// <exception cref="Core.Providers.ProviderException">
    /// There is none: the app is not installed there, is suspended, or its key is wrong.
    /// </exception>
    ValueTask<string> TokenAsync(Account account, CancellationToken cancellation);

    /// <summary>Whose limit a call counts for: calls with the same token share one.</summary>
    string LimitOf(Account account);

    /// <summary>GitHub does not take this token any more.</summary>
    /// <returns>True when another can be had.</returns>
    bool Expire(Account account, string token);
}

/// <summary>One token for everything.</summary>
internal sealed class StaticToken(string token) : IGitHubCredentials
{
    public ValueTask<string> TokenAsync(Account account, CancellationToken cancellation) => ValueTask.FromResult(token);

    public string LimitOf(Account account) => "";

    public bool Expire(Account account, string token) => false;
}
