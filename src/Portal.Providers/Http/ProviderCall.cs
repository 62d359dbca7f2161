namespace Portal.Providers.Http;

/// <summary>What is known of one call over all its attempts; travels with the request.</summary>
internal sealed class ProviderCall
{
    private static readonly HttpRequestOptionsKey<ProviderCall> Key = new("portal.call");

    private readonly HttpMethod method;
    private bool hasIdempotencyKey;

    private ProviderCall(HttpMethod method) => this.method = method;

    /// <summary>An attempt went out, and nothing that came back says that it did not take effect.</summary>
    public bool MayHaveHappened { get; private set; }

    /// <summary>Reading changes nothing.</summary>
    public bool IsRead => method == HttpMethod.Get || method == HttpMethod.Head || method == HttpMethod.Options;

    /// <summary>Doing it twice comes to the same as doing it once.</summary>
    public bool IsSafeToRepeat =>
        IsRead || hasIdempotencyKey || method == HttpMethod.Put || method == HttpMethod.Delete;

    public static ProviderCall Of(HttpRequestMessage request)
    {
        if (request.Options.TryGetValue(Key, out var call)) return call;
        request.Options.Set(Key, call = new ProviderCall(request.Method));
        return call;
    }

    public void OutcomeUnknown() => MayHaveHappened = !IsRead;

    public void HasIdempotencyKey() => hasIdempotencyKey = true;
}

internal static class ProviderRequests
{
    /// <summary>
    /// The provider does a request with the same key once, however often it comes: this one may be repeated although
    /// its method alone would not allow it. The key goes where the provider wants it, in a header or in the body; this
    /// only says that it is there. What a host knows by its content (a Git object) is its own key.
    /// </summary>
    public static HttpRequestMessage WithIdempotencyKey(this HttpRequestMessage request)
    {
        ProviderCall.Of(request).HasIdempotencyKey();
        return request;
    }

    /// <summary>Whose limit the call counts for, and as what: see <see cref="RateGates"/>.</summary>
    public static HttpRequestMessage CountedAs(
        this HttpRequestMessage request, string account, string resource = RateBucket.Core)
    {
        RateBucket.Set(request, new RateBucket(account, resource));
        return request;
    }
}
