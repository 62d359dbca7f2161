using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.TestKit.Fakes;

/// <summary>Takes pull requests and notes them.</summary>
public sealed class FakePulls(string instance = "local") : IPullRequestHost
{
    public string Instance => instance;

    public string Type => "Fake";

    public List<OpenPullRequest> Opened { get; } = [];

    public List<long> Closed { get; } = [];

    public Task<PullRequest> OpenAsync(OpenPullRequest request, CancellationToken cancellation)
    {
        Opened.Add(request);
        return Task.FromResult(Of(request));
    }

    public Task<PullRequest?> FindByMarkAsync(RepositoryName repository, string mark, CancellationToken cancellation) =>
        Task.FromResult(Opened.Find(o => o.Mark == mark) is { } found ? Of(found) : null);

    public Task CloseAsync(RepositoryName repository, long number, CancellationToken cancellation)
    {
        Closed.Add(number);
        return Task.CompletedTask;
    }

    private PullRequest Of(OpenPullRequest request)
    {
        var number = Opened.IndexOf(request) + 1;
        return new PullRequest(
            number, $"https://forge.example/pulls/{number}", request.Branch,
            Closed.Contains(number) ? "closed" : "open", "abc");
    }
}
