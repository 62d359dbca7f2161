using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Portal.TestKit.GitHub.Description;

namespace Portal.TestKit.GitHub;

/// <summary>
/// Prism, a mock server that checks each request against GitHub's official description and answers with its examples.
/// It remembers nothing.
/// </summary>
public sealed class PrismServer : IAsyncDisposable
{
    private readonly NodeServer server;
    private readonly ApiDescription description;
    private readonly ConcurrentQueue<string> violations = new();

    private PrismServer(NodeServer server, ApiDescription description) =>
        (this.server, this.description) = (server, description);

    public Uri Address => server.Address;

    /// <summary>What was wrong with the requests that went through <see cref="CreateHandler"/>.</summary>
    public IReadOnlyList<string> Violations => [.. violations];

    public static async Task<PrismServer> StartAsync()
    {
        var file = await ApiDescription.FileAsync();
        return new PrismServer(
            await NodeServer.StartAsync("prism", port => ["mock", "-h", "127.0.0.1", "-p", port.ToString(), file]),
            await ApiDescription.LoadAsync());
    }

    public void AssertNoViolations() => Assert.True(Violations.Count == 0, string.Join('\n', Violations));

    /// <summary>
    /// Leads a client's requests here, whatever host they are for: prism takes no slash inside a value of the path,
    /// which GitHub does, and knows nothing of <c>/api/v3</c>.
    /// </summary>
    public HttpMessageHandler CreateHandler() => new Handler(this);

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private Uri Translate(string method, Uri asked)
    {
        var path = asked.AbsolutePath;
        if (path.StartsWith("/api/v3/", StringComparison.Ordinal)) path = path["/api/v3".Length..];
        if (description.Find(method, path) is var (operation, values))
        {
            path = operation.Name[(operation.Name.IndexOf(' ') + 1)..];
            foreach (var (name, value) in values) path = path.Replace(
                $"{{{name}}}", Uri.EscapeDataString(value), StringComparison.Ordinal);
        }
        return new Uri(Address, path + asked.Query);
    }

    /// <summary>Prism finds fault with GitHub's own examples too; only what is said of the request counts.</summary>
    private void Note(HttpRequestMessage request, HttpResponseMessage response)
    {
        if (response.Headers.TryGetValues("sl-violations", out var values))
        {
            foreach (var violation in values.SelectMany(v => JsonNode.Parse(v)!.AsArray())
                .Where(v => (string?)v!["location"]?[0] == "request"))
            {
                violations.Enqueue(
                    $"{request.Method} {request.RequestUri!.AbsolutePath}: {string.Join('/', violation!["location"]!.AsArray())} {violation["message"]}");
            }
        }
        else if ((int)response.StatusCode is 404 or 405 or 406 or 415) violations.Enqueue(
            $"{request.Method} {request.RequestUri!.AbsolutePath}: {(int)response.StatusCode}");
    }

    private sealed class Handler(
        PrismServer prism) : DelegatingHandler(new HttpClientHandler { AllowAutoRedirect = false })
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = prism.Translate(request.Method.Method, request.RequestUri!);
            var response = await base.SendAsync(request, cancellationToken);
            prism.Note(request, response);
            return response;
        }
    }
}
