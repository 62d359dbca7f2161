using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.TestKit.Conformance;

/// <summary>
/// What every <see cref="IPipelineHost"/> keeps. An adapter inherits it, gives its host and a repository with these
/// workflows, and passes.
/// </summary>
public abstract class PipelineHostConformance : FailingHostConformance
{
    /// <summary>Writes "line 1" to "line 30" and passes.</summary>
    protected const string Passes = """
        run-name: ${{ github.workflow }} ${{ inputs.portal_correlation }}
        on:
          workflow_dispatch:
            inputs:
              portal_correlation: { type: string, required: false }
        jobs:
          build:
            runs-on: ubuntu-latest
            steps:
              - name: Write
                run: for i in $(seq 30); do echo "line $i"; done
        """;

    /// <summary>Fails in its step "Test" with exit code 3.</summary>
    protected const string Fails = """
        run-name: ${{ github.workflow }} ${{ inputs.portal_correlation }}
        on:
          workflow_dispatch:
            inputs:
              portal_correlation: { type: string, required: false }
        jobs: { build: { runs-on: ubuntu-latest, steps: [{ name: Test, run: exit 3 }] } }
        """;

    /// <summary>Goes on until somebody cancels it.</summary>
    protected const string Waits = """
        run-name: ${{ github.workflow }} ${{ inputs.portal_correlation }}
        on:
          workflow_dispatch:
            inputs:
              portal_correlation: { type: string, required: false }
        jobs: { build: { runs-on: ubuntu-latest, steps: [{ name: Wait, run: echo waiting && sleep 600 }] } }
        """;

    protected abstract IPipelineHost Host { get; }

    /// <summary>False for a host that counts the runs of each workflow by itself.</summary>
    protected virtual bool NumbersPerRepository => true;

    /// <summary>False for a host that gives the log of what is over only.</summary>
    protected virtual bool HasLogWhileRunning => true;

    /// <summary>
    /// A repository with the workflows <c>passes.yml</c>, <c>fails.yml</c> and <c>waits.yml</c> on its branch
    /// <c>main</c>, and no run yet.
    /// </summary>
    /// <returns>The repository and the commit.</returns>
    protected abstract Task<(RepositoryName Repository, string Commit)> NewRepositoryAsync();

    protected override async Task<IReadOnlyList<Func<CancellationToken, Task>>> CallsAsync()
    {
        var (repository, _) = await NewRepositoryAsync();
        var (first, another) = (Request(repository, "passes.yml"), Request(repository, "passes.yml"));
        var run = await EndAsync((await Host.TriggerAsync(first, Cancellation)).Id);
        return
        [
            cancellation => Host.TriggerAsync(first, cancellation),
            cancellation => Host.TriggerAsync(another, cancellation),
            cancellation => Host.FindByCorrelationAsync(repository, first.Correlation, cancellation),
            cancellation => Host.FindAsync(run.Id, cancellation),
            cancellation => Host.ListAsync(repository, 10, cancellation),
            cancellation => Host.ReadLogAsync(run.Id, 0, 10, cancellation),
            cancellation => Host.CancelAsync(run.Id, cancellation),
            cancellation => RerunAsync(run.Id, cancellation),
        ];
    }

    /// <summary>What seemed to fail may have been done, and is on its way then.</summary>
    private async Task RerunAsync(string id, CancellationToken cancellation)
    {
        try
        {
            await Host.RerunAsync(id, cancellation);
        }
        catch (ProviderException active) when (active.Error.Code == "pipeline-run-active")
        {
        }
    }

    [Fact]
    public async Task Trigger_WorkflowThatPasses_RunsToItsEnd()
    {
        var (repository, commit) = await NewRepositoryAsync();
        var started = await Host.TriggerAsync(Request(repository, "passes.yml"), Cancellation);
        Assert.Equal(
            (repository, "passes.yml", 1, "main", commit, PipelineTrigger.Manual),
            (started.Repository, started.Workflow, started.Number, started.Branch, started.Commit, started.Trigger));
        var run = await EndAsync(started.Id);
        Assert.Equal((PipelineStatus.Passed, null, 0), (run.Status, run.Failure, run.SkippedSteps));
        Assert.True(run.CreatedAt <= run.StartedAt && run.StartedAt <= run.FinishedAt);
        var job = Assert.Single(run.Jobs);
        Assert.Equal(("build", PipelineStatus.Passed), (job.Name, job.Status));
        Assert.Contains(
            job.Steps,
            s => s is { Name: "Write", Status: PipelineStatus.Passed, StartedAt: not null, FinishedAt: not null });
    }

    [Fact]
    public async Task Trigger_WorkflowThatFails_SaysWhy()
    {
        var (repository, _) = await NewRepositoryAsync();
        var run = await EndAsync((await Host.TriggerAsync(Request(repository, "fails.yml"), Cancellation)).Id);
        Assert.Equal(PipelineStatus.Failed, run.Status);
        Assert.Contains("Test", run.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trigger_SameCorrelation_IsTheSameRun()
    {
        var (repository, _) = await NewRepositoryAsync();
        var request = Request(repository, "passes.yml");
        var calls = await Task.WhenAll(Enumerable.Range(
            0, 4).Select(_ => Task.Run(() => Host.TriggerAsync(request, Cancellation))));
        var id = Assert.Single(calls.Select(c => c.Id).Distinct());
        await EndAsync(id);
        Assert.Equal(id, (await Host.TriggerAsync(request, Cancellation)).Id);
        Assert.Equal(id, Assert.Single(await Host.ListAsync(repository, 10, Cancellation)).Id);
        Assert.NotEqual(id, (await Host.TriggerAsync(Request(repository, "passes.yml"), Cancellation)).Id);
    }

    [Fact]
    public async Task FindByCorrelation_KnownAndUnknown_IsTheRunOrNull()
    {
        var (repository, _) = await NewRepositoryAsync();
        var request = Request(repository, "passes.yml");
        Assert.Null(await Host.FindByCorrelationAsync(repository, request.Correlation, Cancellation));
        var run = await Host.TriggerAsync(request, Cancellation);
        Assert.Equal(run.Id, (await Host.FindByCorrelationAsync(repository, request.Correlation, Cancellation))?.Id);
        Assert.Null(await Host.FindByCorrelationAsync(repository, "another", Cancellation));
        Assert.Null(await Host.FindByCorrelationAsync(Unknown(), request.Correlation, Cancellation));
        await EndAsync(run.Id);
    }

    [Fact]
    public async Task Rerun_FinishedRun_RunsTheSameCommitAgain()
    {
        var (repository, commit) = await NewRepositoryAsync();
        var first = await EndAsync((await Host.TriggerAsync(Request(repository, "passes.yml"), Cancellation)).Id);
        var again = await Host.RerunAsync(first.Id, Cancellation);
        Assert.True(again.Id != first.Id || again.Attempt == first.Attempt + 1);
        var run = await EndAsync(again.Id);
        Assert.Equal((PipelineStatus.Passed, commit, "passes.yml"), (run.Status, run.Commit, run.Workflow));
    }

    [Fact]
    public async Task Rerun_ActiveRun_IsAConflict()
    {
        var (repository, _) = await NewRepositoryAsync();
        var run = await Host.TriggerAsync(Request(repository, "waits.yml"), Cancellation);
        Assert.Equal(
            "pipeline-run-active",
            (await Assert.ThrowsAsync<ProviderException>(() => Host.RerunAsync(run.Id, Cancellation))).Error.Code);
        await Host.CancelAsync(run.Id, Cancellation);
        await EndAsync(run.Id);
    }

    [Fact]
    public async Task List_SeveralRuns_NewestFirstUpToTheLimit()
    {
        var (repository, _) = await NewRepositoryAsync();
        var ids = new List<string>();
        foreach (var workflow in (string[])["passes.yml", "fails.yml", "passes.yml"])
        {
            ids.Insert(0, (await Host.TriggerAsync(Request(repository, workflow), Cancellation)).Id);
        }
        Assert.Equal(ids, (await Host.ListAsync(repository, 10, Cancellation)).Select(r => r.Id));
        Assert.Equal(
            NumbersPerRepository ? [3, 2] : [2, 1],
            (await Host.ListAsync(repository, 2, Cancellation)).Select(r => r.Number));
        Assert.Empty(await Host.ListAsync(repository, 0, Cancellation));
        Assert.Empty(await Host.ListAsync(Unknown(), 10, Cancellation));
        foreach (var id in ids) await EndAsync(id);
    }

    [Fact]
    public async Task ReadLog_InPages_HasEveryLineOnce()
    {
        var (repository, _) = await NewRepositoryAsync();
        var run = await EndAsync((await Host.TriggerAsync(Request(repository, "passes.yml"), Cancellation)).Id);
        var all = await Host.ReadLogAsync(run.Id, 0, 10_000, Cancellation);
        Assert.Equal(Enumerable.Range(1, all.Count).Select(i => (long)i), all.Select(l => l.Number));
        Assert.Equal(
            Enumerable.Range(1, 30).Select(i => $"line {i}"),
            all.Select(l => l.Text).Where(t => t.StartsWith("line ", StringComparison.Ordinal)));
        var pages = new List<HostLogLine>();
        while (await Host.ReadLogAsync(run.Id, pages.Count, 7, Cancellation) is { Count: > 0 } page)
        {
            Assert.InRange(page.Count, 1, 7);
            pages.AddRange(page);
        }
        Assert.Equal(all, pages);
        Assert.Empty(await Host.ReadLogAsync(run.Id, all.Count, 10, Cancellation));
        Assert.Empty(await Host.ReadLogAsync(run.Id, long.MaxValue - 1, 10, Cancellation));
        Assert.Empty(await Host.ReadLogAsync(run.Id, 0, 0, Cancellation));
    }

    [Fact]
    public async Task Cancel_RunningRun_IsCancelledAndItsLogStays()
    {
        var (repository, _) = await NewRepositoryAsync();
        var run = await Host.TriggerAsync(Request(repository, "waits.yml"), Cancellation);
        await Eventually.TrueAsync(() => HasBegunAsync(run.Id), "the step to begin");
        await Host.CancelAsync(run.Id, Cancellation);
        var ended = await EndAsync(run.Id);
        Assert.Equal(PipelineStatus.Cancelled, ended.Status);
        Assert.NotNull(ended.FinishedAt);
        Assert.Contains(await Host.ReadLogAsync(run.Id, 0, 100, Cancellation), l => l.Text == "waiting");
    }

    private async Task<bool> HasBegunAsync(string id) => HasLogWhileRunning
        ? (await Host.ReadLogAsync(id, 0, 100, Cancellation)).Any(l => l.Text == "waiting")
        : (await Host.FindAsync(id, Cancellation))!.Jobs.SelectMany(j => j.Steps)
            .Any(s => s is { Name: "Wait", Status: PipelineStatus.Running });

    [Fact]
    public async Task Cancel_FinishedRun_StaysAsItIs()
    {
        var (repository, _) = await NewRepositoryAsync();
        var run = await EndAsync((await Host.TriggerAsync(Request(repository, "passes.yml"), Cancellation)).Id);
        await Host.CancelAsync(run.Id, Cancellation);
        var now = await Host.FindAsync(run.Id, Cancellation);
        Assert.Equal((PipelineStatus.Passed, run.FinishedAt), (now!.Status, now.FinishedAt));
    }

    [Fact]
    public async Task Find_UnknownId_IsNothing()
    {
        foreach (var id in (string[])["", "no-such-run", "../../etc/passwd", new string('a', 32)])
        {
            Assert.Null(await Host.FindAsync(id, Cancellation));
            Assert.Empty(await Host.ReadLogAsync(id, 0, 10, Cancellation));
        }
    }

    [Fact]
    public async Task Trigger_WhatIsNotThere_IsNotFoundAndLeavesNothing()
    {
        var (repository, _) = await NewRepositoryAsync();
        var workflow = await Assert.ThrowsAsync<ProviderException>(
            () => Host.TriggerAsync(Request(repository, "missing.yml"), Cancellation));
        Assert.Equal((ErrorKind.NotFound, "workflow-unknown"), (workflow.Error.Kind, workflow.Error.Code));
        Assert.Contains("missing.yml", workflow.Message, StringComparison.Ordinal);
        var reference = await Assert.ThrowsAsync<ProviderException>(
            () => Host.TriggerAsync(Request(repository, "passes.yml") with { Reference = "missing" }, Cancellation));
        Assert.Equal(ErrorKind.NotFound, reference.Error.Kind);
        var unknown = await Assert.ThrowsAsync<ProviderException>(
            () => Host.TriggerAsync(Request(Unknown(), "passes.yml"), Cancellation));
        Assert.Equal(ErrorKind.NotFound, unknown.Error.Kind);
        var climbing = await Assert.ThrowsAsync<ProviderException>(
            () => Host.TriggerAsync(Request(repository, "../ci.yml"), Cancellation));
        Assert.Equal(ErrorKind.Invalid, climbing.Error.Kind);
        Assert.Empty(await Host.ListAsync(repository, 10, Cancellation));
    }

    protected static TriggerPipeline Request(RepositoryName repository, string workflow) =>
        new(repository, workflow, "main", Guid.NewGuid().ToString());

    protected Task<PipelineRunInfo> EndAsync(string id) =>
        Eventually.GetAsync(
            async () => await Host.FindAsync(id, Cancellation) is { IsFinished: true } run ? run : null,
            $"the run {id} to end");

    private static RepositoryName Unknown() => new("shop", "unknown-" + Guid.NewGuid().ToString("N")[..8]);
}
