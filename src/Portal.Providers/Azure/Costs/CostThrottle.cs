using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Portal.Providers.Azure.Costs;

/// <summary>
/// Cost Management says how long it wants to be left alone in headers of its own; here they become the one that
/// everybody knows.
/// </summary>
internal sealed class CostThrottle : DelegatingHandler
{
    private const string Prefix = "x-ms-ratelimit-microsoft.costmanagement-";

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        if (answer.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
            || answer.Headers.RetryAfter is not null) return answer;
        var seconds = answer.Headers.Where(
            h => h.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            && h.Key.EndsWith("retry-after", StringComparison.OrdinalIgnoreCase))
            .SelectMany(h => h.Value).Select(
                v => int.TryParse(v, CultureInfo.InvariantCulture, out var number) ? number : 0).DefaultIfEmpty().Max();
        if (seconds > 0) answer.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds));
        return answer;
    }
}
