using Portal.Providers.Http;

namespace Portal.Providers.GitHub.Api.Wire;

/// <summary>
/// Gives a request what Octokit's methods have no parameter for: that it may be repeated, and the caller's
/// cancellation. The latter stands in for Octokit's own, which ends each call after 100 s, also one that waits for
/// GitHub's rate limit. Keeps what was refused: Octokit's exception of a list has no answer.
/// </summary>
internal sealed class CallHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var scope = CallScope.Current;
        scope.Request = request;
        if (scope.Call.IsRepeatable) request.WithIdempotencyKey();
        var answer = await base.SendAsync(request, scope.Cancellation);
        scope.Refused = answer.IsSuccessStatusCode
            ? null
            : new RefusedAnswer(answer, await answer.Content.ReadAsStringAsync(scope.Cancellation));
        return answer;
    }
}
