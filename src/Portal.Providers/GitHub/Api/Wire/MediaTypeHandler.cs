using System.Net.Http.Headers;
using Octokit;

namespace Portal.Providers.GitHub.Api.Wire;

/// <summary>
/// Octokit sends JSON as a form, asks for media types of old and for no version of the API, and reads an answer only
/// when it is called plain JSON: GitHub's description has none of that.
/// </summary>
internal sealed class MediaTypeHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    public const string ApiVersion = "2022-11-28";

    private const string Plain = "application/json";

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var isRaw = request.Headers.Accept.Any(a => a.MediaType == AcceptHeaders.RawContentMediaType);
        request.Headers.Accept.Clear();
        request.Headers.Accept.ParseAdd(isRaw ? GitHubApi.Raw : GitHubApi.Json);
        // Octokit's own tells the machine's system as well.
        request.Headers.UserAgent.Clear();
        request.Headers.UserAgent.ParseAdd("portal");
        request.Headers.Remove("X-GitHub-Api-Version");
        request.Headers.Add("X-GitHub-Api-Version", ApiVersion);
        if (request.Content?.Headers is { } body)
        {
            body.ContentType = body.ContentLength is 0 ? null : new MediaTypeHeaderValue(Plain) { CharSet = "utf-8" };
        }
        var answer = await base.SendAsync(request, cancellationToken);
        if (answer.Content.Headers.ContentType is { MediaType: { } type } told) told.MediaType = AsOctokitKnows(type);
        return answer;
    }

    private static string AsOctokitKnows(string type)
    {
        // Bytes as they are: Octokit would make text of them.
        if (type.Contains(".raw", StringComparison.OrdinalIgnoreCase)) return AcceptHeaders.RawContentMediaType;
        return type.EndsWith("+json", StringComparison.OrdinalIgnoreCase) ? Plain : type;
    }
}
