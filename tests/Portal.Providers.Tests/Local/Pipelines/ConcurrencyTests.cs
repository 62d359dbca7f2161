using Portal.Core.Providers;
using Portal.TestKit;

namespace Portal.Providers.Tests.Local.Pipelines;

public sealed class ConcurrencyTests : IAsyncDisposable
{
    private readonly PipelineTestHost host = new();
    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Group_CancelInProgress_TheNewerRunEndsTheOlder()
    {
        var first = await TriggerAsync(
            "{ group: \"${{ github.workflow }}-${{ github.ref }}\", cancel-in-progress: true }", "sleep 600");
        await RunsAsync(first);
        var second = await TriggerAsync(
            "{ group: \"${{ github.workflow }}-${{ github.ref }}\", cancel-in-progress: true }", "echo done");

        Assert.Equal(PipelineStatus.Passed, (await host.EndAsync(second)).Status);
        Assert.Equal(PipelineStatus.Cancelled, (await host.EndAsync(first)).Status);
        Assert.Contains(
            await host.LogAsync(first),
            l => l == "A newer run of the concurrency group 'ci.yml-refs/heads/main' ended this one.");
    }

    [Fact]
    public async Task Group_WithoutCancel_OneRunsOneWaitsAndTheNewestTakesThePlace()
    {
        var gate = Path.Combine(host.Shared, "gate");
        var script = $"while ! test -e {gate}; do sleep 0.02; done";
        var first = await TriggerAsync("deploy", script);
        await RunsAsync(first);
        var second = await TriggerAsync("deploy", script);
        await Eventually.TrueAsync(async () => (await host.Host.FindAsync(
            second, TestContext.Current.CancellationToken))!.Status == PipelineStatus.Queued, "the second to wait");
        var third = await TriggerAsync("deploy", script);

        Assert.Equal(PipelineStatus.Cancelled, (await host.EndAsync(second)).Status);
        Assert.Contains(
            await host.LogAsync(second),
            l => l == "A newer run of the concurrency group 'deploy' took the place of this one.");
        Assert.Equal(
            PipelineStatus.Queued, (await host.Host.FindAsync(third, TestContext.Current.CancellationToken))!.Status);
        await File.WriteAllTextAsync(gate, "", TestContext.Current.CancellationToken);
        Assert.Equal(PipelineStatus.Passed, (await host.EndAsync(first)).Status);
        Assert.Equal(PipelineStatus.Passed, (await host.EndAsync(third)).Status);
    }

    private async Task<string> TriggerAsync(string concurrency, string script) => (await host.TriggerAsync($$"""
        on: workflow_dispatch
        concurrency: {{concurrency}}
        jobs: { build: { runs-on: ubuntu-latest, steps: [{ run: "{{script}}" }] } }
        """)).Id;

    private Task RunsAsync(string id) =>
        host.WhenAsync(id, r => r.Jobs.Any(j => j.Steps.Any(s => s.Status == PipelineStatus.Running)));
}
