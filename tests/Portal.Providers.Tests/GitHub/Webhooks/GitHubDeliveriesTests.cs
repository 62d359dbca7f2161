using System.Text;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Webhooks;
using Portal.TestKit.Fakes;

namespace Portal.Providers.Tests.GitHub.Webhooks;

/// <summary>What a GitHub sends when something happens there, as the receiver understands it.</summary>
public sealed class GitHubDeliveriesTests(GitHubFixture github) : IClassFixture<GitHubFixture>
{
    private readonly HeardEvents events = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deliveries_PushRunRenameDelete_AreAcceptedAndTold()
    {
        // Nobody answers there: what counts is what is sent.
        github.World.AppWebhook = new Uri("http://127.0.0.1:1/");
        var name = new RepositoryName("shop", $"told-{Guid.NewGuid():N}"[..20]);
        await github.World.AddRepositoryAsync(name.ToString(), (
            ".github/workflows/ci.yml",
            "on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n    - run: echo hello\n"));
        var commit = await github.World.PushAsync(name.ToString(), "catalog-info.yaml", "a: b\n");
        await github.World.DeliveredAsync();
        await TestKit.Eventually.TrueAsync(
            () => Task.FromResult(Of(name).Any(d => d is { Event: "workflow_run", Action: "completed" })),
            "the workflow run to end");
        foreach (var delivery in Of(name).ToList()) await HandleAsync(delivery);
        var handled = Of(name).Select(d => d.Id).ToHashSet(StringComparer.Ordinal);
        await github.World.RenameAsync(name.ToString(), name.Name + "-two");
        await github.World.DeleteAsync($"{name}-two");
        await github.World.DeliveredAsync();

        foreach (var delivery in Of(name).Where(d => !handled.Contains(d.Id)).ToList()) await HandleAsync(delivery);

        var push = events.All.OfType<RepositoryPush>().Single(p => p.After == commit);
        Assert.Equal(("main", "user:default/ada"), (push.Branch, push.By));
        Assert.Equal(["catalog-info.yaml"], push.Paths);
        var run = events.All.OfType<PipelineRunInfo>().Last();
        Assert.Equal((name, "ci.yml", PipelineStatus.Passed), (run.Repository, run.Workflow, run.Status));
        Assert.NotEmpty(run.Jobs);
        Assert.Equal(
            [(RepositoryChangeKind.Renamed, name.ToString()), (RepositoryChangeKind.Deleted, null)],
            events.All.OfType<RepositoryChange>().Where(c => c.Kind is not RepositoryChangeKind.Created)
                .Select(c => (c.Kind, c.Before?.ToString())));
    }

    private IEnumerable<TestKit.GitHub.GitHubDelivery> Of(RepositoryName name) =>
        github.World.Deliveries.Where(d => d.Body.Contains(name.Name, StringComparison.Ordinal));

    private Task HandleAsync(TestKit.GitHub.GitHubDelivery delivery)
    {
        var receiver = new GitHubWebhooks(
            "github", github.World.WebhookSecret, new RunPayload(github.Pipelines.FindAsync), events);
        var headers = new Dictionary<string, string>
        {
            ["x-github-delivery"] = delivery.Id, ["x-github-event"] = delivery.Event,
            ["x-hub-signature-256"] = delivery.Signature, ["content-type"] = "application/json",
        };
        return receiver.HandleAsync(
            receiver.Accept(new WebhookRequest(headers, Encoding.UTF8.GetBytes(delivery.Body))), Cancellation);
    }
}
