using System.Net;
using System.Net.Http.Headers;

namespace Portal.Providers.GitHub.Api;

/// <summary>
/// GitHub's limit on bursts of changes is at times a 403 that only its text tells from a missing right. Its
/// documentation asks for a minute's pause then, which the pipeline keeps once it is said as everybody says it.
/// </summary>
internal sealed class SecondaryLimitHandler : DelegatingHandler
{
    private const int LongestText = 64 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellation)
    {
        var answer = await base.SendAsync(request, cancellation);
        if (answer.StatusCode is not (HttpStatusCode.Forbidden or HttpStatusCode.TooManyRequests)
            || answer.Headers.RetryAfter is not null) return answer;
        await answer.Content.LoadIntoBufferAsync(LongestText, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        if (text.Contains("secondary rate limit", StringComparison.OrdinalIgnoreCase)
            || text.Contains("abuse detection", StringComparison.OrdinalIgnoreCase))
        {
            answer.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromMinutes(1));
        }
        return answer;
    }
}
