using Portal.Providers.Http;

namespace Portal.Providers.Azure.Arm;

/// <summary>
/// What the SDK sends through: the pipeline that all providers share, so that rate limits, repetitions, redaction and
/// figures are the same piece. The SDK's own repetitions are off.
/// </summary>
internal sealed class ArmTransport(IHttpMessageHandlerFactory handlers, string client) : HttpMessageHandler
{
    /// <summary>
    /// Set on an answer when an attempt of the call may have taken effect, whatever the last one says.
    /// </summary>
    public const string MayHaveHappened = "x-portal-may-have-happened";

    /// <summary>Asking twice comes to the same: what they do is the state that they lead to, or a report.</summary>
    private static readonly string[] Repeatable =
        ["/whatIf", "/query", "/start", "/stop", "/register", "/exportTemplate"];

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        if (request.Method == HttpMethod.Post
            && Repeatable.Any(r => path.EndsWith(r, StringComparison.OrdinalIgnoreCase))
            || request.Method == HttpMethod.Patch
                && path.EndsWith("/tags/default", StringComparison.OrdinalIgnoreCase)) request.WithIdempotencyKey();
        // Handlers are taken anew for each call: the factory renews their connections.
        using var invoker = new HttpMessageInvoker(handlers.CreateHandler(client), disposeHandler: false);
        var answer = await invoker.SendAsync(request, cancellationToken);
        if (ProviderCall.Of(request).MayHaveHappened) answer.Headers.TryAddWithoutValidation(MayHaveHappened, "true");
        return answer;
    }
}
