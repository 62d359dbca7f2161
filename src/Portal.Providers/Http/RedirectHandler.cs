using System.Net;

namespace Portal.Providers.Http;

/// <summary>
/// Follows redirects: to the same origin with method, body and credentials (a thing that was renamed); to another
/// origin only what is read, and with nothing of the request but its address (a download). Everything else is the
/// answer as it is.
/// </summary>
/// <param name="elsewhere">Sends without credentials.</param>
internal sealed class RedirectHandler(HttpMessageInvoker elsewhere) : DelegatingHandler
{
    private const int MaxHops = 5;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellation)
    {
        // The request itself keeps its address: it is what a repetition starts from, and what errors name.
        var asked = request.RequestUri!;
        try
        {
            var answer = await base.SendAsync(request, cancellation);
            for (var hop = 0; hop < MaxHops && Target(request, answer) is { } target; hop++)
            {
                answer.Dispose();
                if (!IsSameOrigin(asked, target)) return await ReadElsewhereAsync(asked, target, cancellation);
                request.RequestUri = target;
                answer = await base.SendAsync(request, cancellation);
            }
            return answer;
        }
        finally
        {
            request.RequestUri = asked;
        }
    }

    internal static bool IsSameOrigin(Uri one, Uri other) =>
        one.Scheme == other.Scheme && one.Port == other.Port
            && one.Host.Equals(other.Host, StringComparison.OrdinalIgnoreCase);

    private async Task<HttpResponseMessage> ReadElsewhereAsync(Uri asked, Uri target, CancellationToken cancellation)
    {
        for (var hop = 0; ; hop++)
        {
            using var download = new HttpRequestMessage(HttpMethod.Get, target);
            var answer = await elsewhere.SendAsync(download, cancellation);
            if (hop == MaxHops || Target(download, answer) is not { } next || (!IsSafe(next) && IsSafe(asked)))
            {
                return answer;
            }
            answer.Dispose();
            target = next;
        }
    }

    /// <summary>Where to go on; null when this is the end.</summary>
    private static Uri? Target(HttpRequestMessage request, HttpResponseMessage answer)
    {
        if (answer.Headers.Location is not { } location) return null;
        var reads = request.Method == HttpMethod.Get || request.Method == HttpMethod.Head;
        var mayFollow = answer.StatusCode switch
        {
            HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect =>
                true,
            HttpStatusCode.Found or HttpStatusCode.SeeOther => reads,
            _ => false,
        };
        if (!mayFollow) return null;
        var target = new Uri(request.RequestUri!, location);
        if (IsSameOrigin(request.RequestUri!, target)) return target;
        return reads && (target.Scheme == Uri.UriSchemeHttps || !IsSafe(request.RequestUri!)) ? target : null;
    }

    private static bool IsSafe(Uri address) => address.Scheme == Uri.UriSchemeHttps;
}
