using System.Text.Json.Nodes;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.TestKit.Conformance;
using Portal.TestKit.GitHub;

namespace Portal.Providers.Tests.GitHub;

public sealed class GitHubPullRequestConformanceTests(GitHubFixture github)
    : PullRequestHostConformance, IClassFixture<GitHubFixture>, IDisposable
{
    protected override IPullRequestHost Host => github.Impatient<IPullRequestHost>();

    protected override IRepositoryHost Repositories => github.Repositories;

    public void Dispose() => Assert.Empty(github.World.Violations);

    protected override Task<Repository> NewRepositoryAsync(params (string Path, string Text)[] files) =>
        github.Repositories.CreateAsync(GitHubThings.Request(GitHubThings.NewName(), files), Cancellation);

    protected override async Task MergeAsync(RepositoryName repository, long number)
    {
        using var caller = new GitHubCaller(github.World);
        await caller.DoAsync("PUT", $"repos/{repository}/pulls/{number}/merge");
    }

    protected override async Task OpenOthersAsync(RepositoryName repository, int count)
    {
        using var caller = new GitHubCaller(github.World);
        for (var i = 0; i < count; i++)
        {
            await github.World.PushAsync(repository.ToString(), "other.txt", $"{i}", branch: $"other-{i}");
            await caller.PostAsync(
                $"repos/{repository}/pulls", new JsonObject
                {
                    ["title"] = $"Other {i}", ["head"] = $"other-{i}", ["base"] = "main",
                });
        }
    }

    protected override bool Fail(HostFailure failure) => github.Fail(failure);

    protected override void Mend() => github.Mend();
}
