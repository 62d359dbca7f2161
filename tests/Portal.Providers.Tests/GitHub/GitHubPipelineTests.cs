using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.TestKit;
using Portal.TestKit.Outside;

namespace Portal.Providers.Tests.GitHub;

/// <summary>What only GitHub does.</summary>
public sealed class GitHubPipelineTests(GitHubFixture github) : IClassFixture<GitHubFixture>, IDisposable
{
    private const string Dispatch = "POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches";

    private const string Marked = """
        run-name: Deploy ${{ inputs.portal_correlation }}
        on:
          workflow_dispatch:
            inputs:
              portal_correlation: { type: string }
              size: { type: string, default: small }
        jobs:
          build:
            runs-on: ubuntu-latest
            steps:
              - name: Say
                run: echo "size ${{ inputs.size }}"
              - name: Never
                if: false
                run: exit 1
          after:
            runs-on: ubuntu-latest
            needs: build
            steps:
              - name: Say
                run: echo after
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Assert.Empty(github.World.Violations);

    [Fact]
    public async Task Trigger_AnswerLost_IsStartedOnce()
    {
        var request = await RequestAsync(Marked);
        github.World.Faults.Plan(Dispatch, OutsideFault.CutAfter);
        var lost =
            await Assert.ThrowsAsync<ProviderException>(() => github.Pipelines.TriggerAsync(request, Cancellation));
        Assert.True(lost.MayHaveHappened);
        // Another replica takes it up: nothing is remembered there.
        var other = GitHubFixture.PartsOf(github.Portal()).Pipelines;
        var run = await other.TriggerAsync(request, Cancellation);
        Assert.Equal(
            run.Id, (await other.FindByCorrelationAsync(request.Repository, request.Correlation, Cancellation))!.Id);
        Assert.Single(await other.ListAsync(request.Repository, 10, Cancellation));
    }

    [Fact]
    public async Task Trigger_WithInputs_RunsWithThemAndCountsWhatWasSkipped()
    {
        var request =
            await RequestAsync(Marked) with { Inputs = new Dictionary<string, string> { ["size"] = "large" } };
        var run = await EndAsync((await github.Pipelines.TriggerAsync(request, Cancellation)).Id);
        Assert.Equal((PipelineStatus.Passed, 1, 1), (run.Status, run.SkippedSteps, run.Attempt));
        Assert.Equal(["build", "after"], run.Jobs.Select(j => j.Name));
        Assert.StartsWith(
            $"{github.World.Address}{request.Repository}/actions/runs/", run.WebUrl, StringComparison.Ordinal);
        var lines = await github.Pipelines.ReadLogAsync(run.Id, 0, 1000, Cancellation);
        Assert.Equal(["size large", "after"], lines.Where(l => l.Text is "size large" or "after").Select(l => l.Text));
        Assert.Equal(["build", "after"], lines.Select(l => l.Source).Distinct());
    }

    [Fact]
    public async Task Trigger_InputThatIsNotDeclared_IsRefusedAndNamesThem()
    {
        var request =
            await RequestAsync(Marked) with { Inputs = new Dictionary<string, string> { ["sise"] = "large" } };
        var error =
            await Assert.ThrowsAsync<ProviderException>(() => github.Pipelines.TriggerAsync(request, Cancellation));
        Assert.Equal((ErrorKind.Invalid, "workflow-input-unknown"), (error.Error.Kind, error.Error.Code));
        Assert.Contains("size", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trigger_NotByHand_SaysWhatToAdd()
    {
        var error = await Assert.ThrowsAsync<ProviderException>(async () => await github.Pipelines.TriggerAsync(
            await RequestAsync("on: push\njobs: { build: { runs-on: ubuntu-latest, steps: [{ run: 'true' }] } }"),
            Cancellation));
        Assert.Equal("workflow-not-manual", error.Error.Code);
    }

    [Fact]
    public async Task Trigger_CommitOfABranch_RunsOnIt_AnotherIsRefused()
    {
        var request = await RequestAsync(Marked);
        var head = (await github.Repositories.FindAsync(request.Repository, Cancellation))!.HeadCommit!;
        Assert.Equal(
            head, (await github.Pipelines.TriggerAsync(request with { Reference = head }, Cancellation)).Commit);
        await github.World.PushAsync(request.Repository.ToString(), "more.txt", "x");
        var error = await Assert.ThrowsAsync<ProviderException>(() => github.Pipelines.TriggerAsync(
            request with { Reference = head, Correlation = "another" }, Cancellation));
        Assert.Equal("reference-no-branch", error.Error.Code);
    }

    [Fact]
    public async Task Trigger_WithoutTheInput_IsStillTheRunThatItStarted()
    {
        var request = await RequestAsync(
            "on: workflow_dispatch\njobs: { build: { runs-on: ubuntu-latest, steps: [{ name: Say, run: echo hello }] } }");
        var run = await github.Pipelines.TriggerAsync(request, Cancellation);
        Assert.Equal(run.Id, (await github.Pipelines.TriggerAsync(request, Cancellation)).Id);
        await EndAsync(run.Id);
        Assert.NotEqual(
            run.Id, (await github.Pipelines.TriggerAsync(request with { Correlation = "another" }, Cancellation)).Id);
    }

    [Fact]
    public async Task Find_RunThatIsOver_CostsOneCallThatIsNotCounted()
    {
        var run = await EndAsync((await github.Pipelines.TriggerAsync(await RequestAsync(Marked), Cancellation)).Id);
        await github.Pipelines.ReadLogAsync(run.Id, 0, 10, Cancellation);
        await github.Pipelines.FindAsync(run.Id, Cancellation);
        var before = github.World.Limits.Used;
        Assert.Equal(run.FinishedAt, (await github.Pipelines.FindAsync(run.Id, Cancellation))!.FinishedAt);
        Assert.NotEmpty(await github.Pipelines.ReadLogAsync(run.Id, 0, 10, Cancellation));
        Assert.Equal(before, github.World.Limits.Used);
    }

    private async Task<TriggerPipeline> RequestAsync(string workflow)
    {
        var made = await github.Repositories.CreateAsync(
            GitHubThings.Request(GitHubThings.NewName(), (".github/workflows/deploy.yml", workflow)), Cancellation);
        return new TriggerPipeline(made.Name, "deploy.yml", "main", Guid.NewGuid().ToString());
    }

    private Task<PipelineRunInfo> EndAsync(string id) =>
        Eventually.GetAsync(
            async () => await github.Pipelines.FindAsync(id, Cancellation) is { IsFinished: true } run ? run : null,
            $"the run {id} to end");
}
