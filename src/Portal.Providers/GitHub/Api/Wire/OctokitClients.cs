using Octokit;
using Octokit.Internal;
using Portal.Providers.GitHub.Access;

namespace Portal.Providers.GitHub.Api.Wire;

/// <summary>Octokit's client of one instance, above our handlers.</summary>
internal static class OctokitClients
{
    /// <param name="api">Ends with a slash.</param>
    /// <param name="pipeline">The instance's, from the factory.</param>
    public static IGitHubClient Create(
        string instance, Uri api, IGitHubCredentials credentials, Func<HttpMessageHandler> pipeline, TimeProvider time)
    {
        HttpMessageHandler handlers = new SignInHandler(credentials, new PipelineHandler(pipeline));
        handlers = new CallHandler(new MediaTypeHandler(new OriginHandler(instance, api, time, handlers)));
        var http = new HttpClientAdapter(() => handlers);
        // Each attempt has its own time-out.
        http.SetRequestTimeout(Timeout.InfiniteTimeSpan);
        // GitHubClient's constructor with an address adds /api/v3/ where there is none, on *.ghe.com; a connection
        // takes it as it is.
        return new GitHubClient(new Connection(
            new ProductHeaderValue("portal"), api, new InMemoryCredentialStore(Credentials.Anonymous), http,
            new GitHubSerializer()));
    }
}
