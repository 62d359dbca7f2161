using System.Net;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Http;

namespace Portal.Providers.GitHub.Api.Wire;

/// <summary>
/// Keeps requests, and with them the token, below the instance's API. Octokit follows the next page of a list and a
/// redirect to wherever the answer says; here a list ends at its origin, and what the pipeline does not follow is a
/// failure.
/// </summary>
internal sealed class OriginHandler(string instance, Uri api, TimeProvider time, HttpMessageHandler inner)
    : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // A path that leaves the API, such as one with "..", is a fault of ours: an address is never taken from
        // elsewhere.
        if (!api.IsBaseOf(request.RequestUri!))
        {
            throw new InvalidOperationException($"{Redaction.Address(request)} does not lie below {api}.");
        }
        var answer = await base.SendAsync(request, cancellationToken);
        if ((int)answer.StatusCode is >= 300 and < 400)
        {
            using (answer) throw Failures.Of(instance, request, answer, "", time);
        }
        KeepNextPage(answer);
        return answer;
    }

    /// <summary>
    /// The next page alone, in the one writing that Octokit reads: it fails at relative links and parts at commas.
    /// </summary>
    private void KeepNextPage(HttpResponseMessage answer)
    {
        var next = NextPage.Of(answer, api);
        answer.Headers.Remove("link");
        if (next is null || !api.IsBaseOf(next)) return;
        var target = next.AbsoluteUri.Replace(",", "%2C", StringComparison.Ordinal);
        answer.Headers.TryAddWithoutValidation("link", $"<{target}>; rel=\"next\"");
    }
}
