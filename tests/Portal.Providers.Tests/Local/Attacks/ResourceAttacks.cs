using Portal.Core.Providers;
using Portal.Providers.Local.Processes;
using Portal.Providers.Tests.Local.Pipelines;
using Portal.TestKit;

namespace Portal.Providers.Tests.Local.Attacks;

/// <summary>Jobs that want to stay, to block the portal, or to take the whole machine.</summary>
[Trait("Category", "Attack")]
public sealed class ResourceAttacks : IAsyncDisposable
{
    private readonly PipelineTestHost host = new();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Theory]
    [InlineData("output", "mkfifo")]
    [InlineData("env", "ln -s /proc/self/environ")]
    [InlineData("path", "mkdir")]
    [InlineData("step_summary", "ln -s /dev/zero")]
    [InlineData("env", "ln -s {0}/../secret")]
    public async Task CommandFile_ReplacedBySomethingElse_FailsTheStepAtOnce(string kind, string make)
    {
        await File.WriteAllTextAsync(
            Path.Combine(host.Shared, "..", "secret"), "SECRET=hunter2", TestContext.Current.CancellationToken);
        var run = await host.RunAsync($$"""
            on: workflow_dispatch
            jobs:
              build:
                runs-on: ubuntu-latest
                steps:
                  - run: rm -f "$GITHUB_{{kind.ToUpperInvariant()}}"; {{make.Replace("{0}", host.Shared, StringComparison.Ordinal)}} "$GITHUB_{{kind.ToUpperInvariant()}}"
                  - if: always()
                    run: env
            """);

        Assert.Equal(PipelineStatus.Failed, run.Status);
        Assert.Contains(
            $"GITHUB_{kind.ToUpperInvariant()} is no plain file any more", run.Failure, StringComparison.Ordinal);
        Assert.DoesNotContain(await host.LogAsync(run.Id), l => l.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task CommandFile_ItsFolderReplacedByALink_IsNotFollowed()
    {
        await File.WriteAllTextAsync(
            Path.Combine(host.Shared, "env"), "SECRET=hunter2", TestContext.Current.CancellationToken);
        var run = await host.RunAsync(
            $"on: workflow_dispatch\njobs: {{ build: {{ runs-on: x, steps: [{{ run: 'd=$(dirname $GITHUB_ENV); rm -r $d; ln -s {host.Shared} $d' }}, {{ if: always(), run: env }}] }} }}\n");

        Assert.Contains("is no plain file any more", run.Failure, StringComparison.Ordinal);
        Assert.DoesNotContain(await host.LogAsync(run.Id), l => l.Contains("hunter2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("mkfifo a.lock")]
    [InlineData("ln -s /dev/zero a.lock")]
    [InlineData("ln -s /proc/kmsg a.lock; mkdir x; ln -s .. x/loop")]
    public async Task HashFiles_OfWhatIsNoFile_TakesNothingAndWaitsForNothing(string make)
    {
        var run = await host.RunAsync($$$"""
            on: workflow_dispatch
            jobs:
              build:
                runs-on: ubuntu-latest
                steps:
                  - run: {{{make}}}
                  - run: "echo [${{ hashFiles('**/*.lock') }}]"
            """);

        Assert.True(run.Status == PipelineStatus.Passed, run.Failure);
        Assert.Contains("[]", await host.LogAsync(run.Id));
    }

    [Fact]
    public async Task HashFiles_OfAHugeFile_EndsWhenTheRunIsCancelled()
    {
        const string Reading = "endless-1.lock";
        var run = await host.TriggerAsync("""
            on: workflow_dispatch
            jobs: { build: { runs-on: x, steps: [{ run: "for i in $(seq 200); do truncate -s 4000M endless-$i.lock; done" }, { run: "echo ${{ hashFiles('*.lock') }}" }] } }
            """);
        await Eventually.TrueAsync(
            () => Task.FromResult(RunningCommands.With(Reading).Count > 0), "the files to be read");

        await host.Host.CancelAsync(run.Id, TestContext.Current.CancellationToken);

        Assert.Equal(PipelineStatus.Cancelled, (await host.EndAsync(run.Id)).Status);
        Assert.Empty(RunningCommands.With(Reading));
    }

    [Fact]
    public async Task UploadArtifact_HardLinksBeyondTheLimit_AreCountedAndNothingIsKept()
    {
        host.Options.MaxArtifactsMiB = 5;
        var run = await host.RunAsync("""
            on: workflow_dispatch
            jobs:
              build:
                runs-on: ubuntu-latest
                steps:
                  - run: mkdir dist; head -c 1000000 /dev/zero > dist/0; for i in $(seq 50); do ln dist/0 dist/$i; done
                  - { uses: actions/upload-artifact@v4, with: { name: app, path: dist } }
            """);

        Assert.Contains("the artifacts of this run are larger than 5 MiB", run.Failure, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(host.RunFolders.Artifacts(run.Id)));
    }

    [Fact]
    public async Task UploadArtifact_PipesAndSockets_AreNoFiles()
    {
        var run = await host.RunAsync("""
            on: workflow_dispatch
            jobs:
              build:
                runs-on: ubuntu-latest
                steps:
                  - run: mkdir dist; echo one > dist/a; mkfifo dist/b
                  - { uses: actions/upload-artifact@v4, with: { name: app, path: dist } }
            """);

        Assert.True(run.Status == PipelineStatus.Passed, run.Failure);
        Assert.Equal([new ArtifactInfo("app", 4, 1)], run.Artifacts);
    }

    [Fact]
    public async Task Job_TakesMoreMemoryThanAllowed_IsEndedAndSaysSo()
    {
        host.Options.MaxJobMemoryMiB = 200;
        var run = await host.RunAsync("""
            on: workflow_dispatch
            jobs: { build: { runs-on: x, steps: [{ run: "for i in 1 2 3 4; do (head -c 100M /dev/zero | tail -c 100M | sleep 60) & done; wait" }] } }
            """);

        Assert.Equal(PipelineStatus.Failed, run.Status);
        Assert.Contains(
            "its processes used more than the 200 MiB of memory that are allowed", run.Failure,
            StringComparison.Ordinal);
        Assert.Empty(ProcessTable.FindByTag(run.Id, prefix: true));
    }

    [Fact]
    public async Task Job_WhileTheDiskIsNearlyFull_IsEndedAndSaysSo()
    {
        host.Options.MinFreeDiskMiB = 1 << 20;
        var run = await host.RunAsync(
            "on: workflow_dispatch\njobs: { build: { runs-on: x, steps: [{ run: sleep 600 }] } }\n");

        Assert.Contains("MiB are left on the portal's disk", run.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_ForksWithoutEnd_IsHeldAtItsLimitAndLeavesNothing()
    {
        var run = await host.RunAsync("""
            on: workflow_dispatch
            jobs: { build: { runs-on: x, steps: [{ timeout-minutes: 0.05, run: "f() { f | f & }; f 2>/dev/null; while :; do sleep 1; done" }] } }
            """);

        // Whether its shell outlives the refusals until the time is up is its own business.
        Assert.Equal(PipelineStatus.Failed, run.Status);
        Assert.Empty(ProcessTable.FindByTag(run.Id, prefix: true));
    }

    [Fact]
    public async Task Job_EndsItsOwnSandbox_FailsAloneAndTheNextStepHasANewOne()
    {
        var run = await host.RunAsync("""
            on: workflow_dispatch
            jobs: { build: { runs-on: x, steps: [{ continue-on-error: true, run: "kill -9 -1; sleep 600" }, { run: "echo still there" }] } }
            """);

        Assert.True(run.Status == PipelineStatus.Passed, run.Failure);
        Assert.Contains("still there", await host.LogAsync(run.Id));
    }

    [Fact]
    public async Task Checkout_OfAFileThatUnpacksToTheWholeDisk_StopsAtTheLimitOfAFile()
    {
        host.Options.MaxFileSizeMiB = 20;
        var big = Path.Combine(host.Shared, "..", "big");
        await using (var file = File.Create(big)) file.SetLength(100L << 20);
        host.CommitWorkflow(
            "on: workflow_dispatch\njobs: { build: { runs-on: x, steps: [{ uses: actions/checkout@v4 }, { run: ls -l }] } }\n");
        File.Move(big, Path.Combine(host.Clone, "zeros"));
        host.Commit();

        var started = await host.Host.TriggerAsync(
            new TriggerPipeline(host.Repository, "ci.yml", "main", "big"), TestContext.Current.CancellationToken);
        var run = await host.EndAsync(started.Id);

        Assert.Equal(PipelineStatus.Failed, run.Status);
        Assert.Contains(
            await host.LogAsync(run.Id), l => l.Contains("the checkout could not be placed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Workflow_ThatUnpacksToGigabytes_IsARunThatFailsWithTheReason()
    {
        // Some kilobytes in the pack.
        var big = Path.Combine(host.Shared, "..", "big");
        await using (var file = File.Create(big)) file.SetLength(300L << 20);
        host.CommitWorkflow("on: push\njobs: { build: { runs-on: x, steps: [{ run: echo fine }] } }\n");
        File.Move(big, Path.Combine(host.Clone, ".github/workflows/big.yml"));
        var runs = await host.PushAsync(host.Commit());

        var ended = new List<PipelineRunInfo>();
        foreach (var run in runs) ended.Add(await host.EndAsync(run.Id));
        Assert.Equal(["big.yml", "ci.yml"], ended.Select(r => r.Workflow).Order(StringComparer.Ordinal));
        Assert.Equal(PipelineStatus.Passed, ended.Single(r => r.Workflow == "ci.yml").Status);
        Assert.Contains(
            "the file is larger than 1 MB", ended.Single(r => r.Workflow == "big.yml").Failure,
            StringComparison.Ordinal);
    }
}
