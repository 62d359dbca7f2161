using Portal.Core.Providers;

namespace Portal.Providers.Tests.Local.Pipelines;

public sealed class LocalPipelineHostTests : IAsyncDisposable
{
    private readonly PipelineTestHost host = new();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task TriggerAsync_CheckoutBuildUpload_Passes()
    {
        var run = await host.RunAsync("""
            on: workflow_dispatch
            jobs:
              build:
                runs-on: ubuntu-24.04
                steps:
                  - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd
                  - run: mkdir dist && cp hello.txt dist/ && git rev-parse --abbrev-ref HEAD
                  - uses: actions/upload-artifact@v4
                    with: { name: app, path: dist, if-no-files-found: error }
            """, ("hello.txt", "hello"));

        Assert.True(
            run.Status == PipelineStatus.Passed, $"{run.Failure}\n{string.Join('\n', await host.LogAsync(run.Id))}");
        Assert.Equal(("main", 1, "A change"), (run.Branch, run.Number, run.CommitSubject));
        Assert.Equal([new ArtifactInfo("app", 5, 1)], run.Artifacts);
        Assert.Equal("hello", await File.ReadAllTextAsync(
            Path.Combine((await host.AppAsync(run.Id))!, "hello.txt"), TestContext.Current.CancellationToken));
        Assert.Contains("main", await host.LogAsync(run.Id));
        Assert.All(run.Jobs[0].Steps, s => Assert.Equal(PipelineStatus.Passed, s.Status));
    }

    [Fact]
    public async Task TriggerAsync_FailingStep_FailsWithTheReasonAndRunsWhatAlwaysRuns()
    {
        var run = await host.RunAsync("""
            on: workflow_dispatch
            jobs:
              build:
                runs-on: ubuntu-latest
                steps:
                  - name: Test
                    run: |
                      echo "::error file=a.cs,line=3::one is not two"
                      exit 3
                  - run: echo never
                  - if: always()
                    run: echo in any case
                  - if: failure()
                    run: echo because it failed
              after:
                needs: build
                runs-on: ubuntu-latest
                steps: [{ run: echo after }]
            """);

        Assert.Equal(PipelineStatus.Failed, run.Status);
        Assert.Equal("Job build, step Test: exit code 3: one is not two.", run.Failure);
        Assert.Equal(
            [PipelineStatus.Failed, PipelineStatus.Skipped, PipelineStatus.Passed, PipelineStatus.Passed],
            run.Jobs[0].Steps.Select(s => s.Status));
        Assert.Equal(PipelineStatus.Skipped, run.Jobs[1].Status);
        Assert.Contains("##[error]a.cs:3: one is not two", await host.LogAsync(run.Id));
    }

    [Fact]
    public async Task TriggerAsync_UnknownAction_IsSkippedByName()
    {
        var run = await host.RunAsync("""
            on: workflow_dispatch
            jobs:
              build:
                runs-on: ubuntu-latest
                steps:
                  - uses: docker/build-push-action@v6
                  - run: echo built
              image:
                runs-on: ubuntu-latest
                steps:
                  - uses: actions/checkout@v4
                  - uses: docker/login-action@v3
            """);

        Assert.Equal((PipelineStatus.Passed, 2), (run.Status, run.SkippedSteps));
        Assert.Equal(
            (PipelineStatus.Skipped, "not available locally: docker/build-push-action"),
            (run.Jobs[0].Steps[0].Status, run.Jobs[0].Steps[0].Note));
        Assert.Equal(PipelineStatus.Skipped, run.Jobs[1].Status);
    }
}
