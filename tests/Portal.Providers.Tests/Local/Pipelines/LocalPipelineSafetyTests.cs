using Portal.Core.Providers;
using Portal.Providers.Local.Processes;

namespace Portal.Providers.Tests.Local.Pipelines;

public sealed class LocalPipelineSafetyTests : IAsyncDisposable
{
    private readonly PipelineTestHost host = new();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task TriggerAsync_StepThatNeverEnds_IsEndedWithItsChildren()
    {
        var run = await host.RunAsync("""
            on: workflow_dispatch
            jobs:
              build:
                runs-on: ubuntu-latest
                steps:
                  - timeout-minutes: 0.005
                    run: (setsid sleep 600 &) ; sleep 600 & trap '' TERM; while :; do sleep 600; done
            """);

        Assert.Equal(PipelineStatus.Failed, run.Status);
        Assert.Contains("took longer than", run.Failure, StringComparison.Ordinal);
        Assert.Empty(ProcessTable.FindByTag(run.Id, prefix: true));
    }

    [Fact]
    public async Task CancelAsync_RunningRun_EndsEverything()
    {
        var run = await host.TriggerAsync("""
            on: workflow_dispatch
            jobs: { build: { runs-on: ubuntu-latest, steps: [{ run: sleep 600 & sleep 600 }] } }
            """);
        await host.WhenAsync(run.Id, r => r.Jobs.Any(j => j.Steps.Any(s => s.Status == PipelineStatus.Running)));

        await host.Host.CancelAsync(run.Id, TestContext.Current.CancellationToken);

        Assert.Equal(PipelineStatus.Cancelled, (await host.EndAsync(run.Id)).Status);
        Assert.Empty(ProcessTable.FindByTag(run.Id, prefix: true));
    }

    [Fact]
    public async Task Start_PortalDiedInTheMiddle_RunsItAgainUnderTheSameId()
    {
        var run = await host.TriggerAsync("""
            on: workflow_dispatch
            jobs: { build: { runs-on: ubuntu-latest, steps: [{ run: 'test -n "$AGAIN" || sleep 600' }] } }
            """);
        await host.WhenAsync(run.Id, r => r.Jobs.Any(j => j.Steps.Any(s => s.Status == PipelineStatus.Running)));
        await host.Runs.StopAsync(TestContext.Current.CancellationToken);
        host.JobEnvironment["AGAIN"] = "yes";

        host.Start();
        var ended = await host.EndAsync(run.Id);

        Assert.Equal(PipelineStatus.Passed, ended.Status);
        Assert.Contains(await host.LogAsync(run.Id), l => l.Contains("attempt 2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("link")]
    public async Task UploadArtifact_PathOutOfTheWorkspace_IsRefused(string path)
    {
        var run = await host.RunAsync($$"""
            on: workflow_dispatch
            jobs:
              build:
                runs-on: ubuntu-latest
                steps:
                  - run: ln -s /etc/passwd link
                  - uses: actions/upload-artifact@v4
                    with: { path: "{{path}}" }
            """);

        Assert.Equal(PipelineStatus.Failed, run.Status);
        Assert.Contains("leads out of the workspace", run.Failure, StringComparison.Ordinal);
        Assert.Empty(run.Artifacts);
    }

    [Theory]
    [InlineData("on: push\njobs:\n  build:\n    steps: [\n", "ci.yml, line")]
    [InlineData(
        "on: push\njobs:\n  build:\n    runs-on: x\n    steps:\n      - run: echo ${{ frobnicate(1) }}\n",
        ".github/workflows/ci.yml, line 6: the expression 'frobnicate(1)' is wrong: there is no function 'frobnicate'")]
    [InlineData(
        "on: push\njobs:\n  build:\n    needs: other\n    steps: [{ run: true }]\n",
        "needs 'other', which is no job here")]
    public async Task PushedAsync_WrongWorkflow_IsARunThatFailsWithThePlace(string workflow, string message)
    {
        await host.PushAsync(host.CommitWorkflow(workflow));

        var run = await host.EndAsync(
            (await host.Host.ListAsync(host.Repository, 1, TestContext.Current.CancellationToken))[0].Id);
        Assert.Equal(PipelineStatus.Failed, run.Status);
        Assert.Contains(message, run.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TriggerAsync_NeedsMatrixOutputsAndMasks_WorkAsAtGitHub()
    {
        var run = await host.RunAsync("""
            on: workflow_dispatch
            env: { WHO: world }
            jobs:
              first:
                runs-on: ubuntu-latest
                outputs: { greeting: "${{ steps.say.outputs.text }}" }
                steps:
                  - id: say
                    run: |
                      echo "text=hello $WHO" >> "$GITHUB_OUTPUT"
                      echo "::add-mask::s3cret"
                      echo "it is s3cret"
              second:
                needs: first
                runs-on: ubuntu-latest
                strategy: { matrix: { node: [20, 22], exclude: [{ node: 22 }], include: [{ node: 24, extra: yes-please }] } }
                steps:
                  - run: echo "${{ needs.first.outputs.greeting }} ${{ matrix.node }} ${{ matrix.extra || 'none' }}"
            """);

        var log = await host.LogAsync(run.Id);
        Assert.True(run.Status == PipelineStatus.Passed, run.Failure);
        Assert.Equal(["first", "second (20)", "second (24, yes-please)"], run.Jobs.Select(j => j.Name));
        Assert.Contains("hello world 20 none", log);
        Assert.Contains("hello world 24 yes-please", log);
        Assert.Contains("it is ***", log);
    }
}
