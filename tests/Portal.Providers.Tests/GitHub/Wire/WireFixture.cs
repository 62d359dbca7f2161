using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Octokit;
using Portal.Core.Providers;
using Portal.Providers.GitHub;
using Portal.Providers.GitHub.Access;
using Portal.Providers.GitHub.Api;
using Portal.Providers.GitHub.Api.Wire;

namespace Portal.Providers.Tests.GitHub.Wire;

/// <summary>Octokit above our handlers, and below them, in place of the pipeline, whatever a test answers.</summary>
internal sealed class WireFixture : HttpMessageHandler
{
    public const string Secret = "ghp_5ecret0123456789";

    private readonly Queue<Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>> answers = new();

    public WireFixture(string address = "https://git.shop.example", IGitHubCredentials? credentials = null)
    {
        var options = new GitHubOptions { Address = address, Token = Secret };
        var place = GitHubAddress.Of(options);
        Client = OctokitClients.Create(
            "github", place.Api, credentials ?? new StaticToken(Secret), () => this, TimeProvider.System);
        Api = new GitHubApi(
            Client, place, new CallFailures("github", new RefusalWords("github", options), TimeProvider.System));
    }

    public GitHubApi Api { get; }

    public IGitHubClient Client { get; }

    /// <summary>What came down to the pipeline, oldest first.</summary>
    public List<HttpRequestMessage> Requests { get; } = [];

    public List<string> Bodies { get; } = [];

    public WireFixture Then(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer)
    {
        answers.Enqueue(answer);
        return this;
    }

    public WireFixture Then(
        HttpStatusCode status, string body = "{}", string type = "application/json",
        params (string Name, string Value)[] headers) =>
        Then((_, _) =>
        {
            var answer =
                new HttpResponseMessage(status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
            answer.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            foreach (var (name, value) in headers) answer.Headers.TryAddWithoutValidation(name, value);
            return Task.FromResult(answer);
        });

    public static GitHubCall As(string login = "shop") => new(new Providers.GitHub.Access.Account(login));

    public Task<Issue> IssueAsync(CancellationToken cancellation) =>
        Api.CallAsync(As(), octokit => octokit.Issue.Get("shop", "orders", 7), cancellation);

    public Task<ProviderException> RefusedAsync(GitHubCall? call = null) =>
        Assert.ThrowsAsync<ProviderException>(() => Api.DoAsync(
            call ?? As(), octokit => octokit.Issue.Create("shop", "orders", new NewIssue("One")),
            TestContext.Current.CancellationToken));

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add(request);
        Bodies.Add(request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken));
        var answer = answers.TryDequeue(out var planned)
            ? await planned(request, cancellationToken)
            : new HttpResponseMessage(HttpStatusCode.NoContent);
        answer.RequestMessage = request;
        return answer;
    }
}
