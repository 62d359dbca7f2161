using Portal.Core.Providers;
using Portal.Providers.Local.Pipelines.Actions;
using Portal.TestKit;

namespace Portal.Providers.Tests.Local.Pipelines;

/// <summary>What a run takes of this machine, and what it leaves on it.</summary>
public sealed class LocalMachineTests : IAsyncDisposable
{
    private readonly PipelineTestHost host = new();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Setup_MissingTool_SaysWhatToInstall()
    {
        var run = await host.RunAsync("""
            on: workflow_dispatch
            jobs:
              build:
                runs-on: ubuntu-latest
                env: { PATH: "${{ github.workspace }}/tools" }
                steps:
                  - shell: /usr/bin/bash {0}
                    run: /usr/bin/mkdir tools; for tool in sh bash; do /usr/bin/ln -s /usr/bin/$tool tools/$tool; done
                  - uses: actions/setup-go@v5
                    with: { go-version: "1.23" }
                  - run: "true"
            """);

        Assert.Equal(
            "Job build, step Run actions/setup-go@v5: Go is not installed on the portal's machine: install Go (apt-get install golang).",
            run.Failure);
        Assert.Equal(PipelineStatus.Skipped, run.Jobs[0].Steps[2].Status);
    }

    [Theory]
    [InlineData("22.11.0", "22", true)]
    [InlineData("22.11.0", "22.x", true)]
    [InlineData("22.11.0", "20", false)]
    [InlineData("22.11.0", "lts/*", true)]
    [InlineData("22.11.0", ">=20", true)]
    [InlineData("22.11.0", "^22.12", false)]
    [InlineData("10.0.100", "10.0.x", true)]
    [InlineData("3.11.2", "3.12", false)]
    [InlineData("3.12.4", "3.11", false)]
    [InlineData("3.12.4", "3.12.1", true)]
    public void Meets_InstalledAndWanted_IsDecidedByMajorAndWhatFollows(string installed, string wanted, bool meets) =>
        Assert.Equal(meets, SetupAction.Meets(installed, wanted));

    [Fact]
    public async Task Run_WithJobEnvironment_HasNoBuildServersUnlessAskedFor()
    {
        host.JobEnvironment["UseSharedCompilation"] = "true";
        var run = await host.RunAsync("""
            on: workflow_dispatch
            jobs: { build: { runs-on: ubuntu-latest, steps: [{ run: "echo $MSBUILDDISABLENODEREUSE $DOTNET_CLI_USE_MSBUILD_SERVER $UseSharedCompilation" }] } }
            """);

        Assert.Contains("1 0 true", await host.LogAsync(run.Id));
    }

    [Fact]
    public async Task Run_CompilerServerLeftBehindWithACleanEnvironment_IsEndedWithTheJob()
    {
        var dotnet = Path.GetFullPath(
            Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var marker = $"test-{Guid.NewGuid():N}";
        var server = Directory.EnumerateFiles(
            Path.Combine(dotnet, "sdk"), "VBCSCompiler.dll", SearchOption.AllDirectories).First();
        var run = await host.RunAsync($$"""
            on: workflow_dispatch
            jobs:
              build:
                runs-on: ubuntu-latest
                steps:
                  - run: |
                      env -i "PATH=$PATH" "HOME=$HOME" "TMPDIR=$TMPDIR" setsid {{dotnet}}/dotnet {{server}} -pipename:{{marker}} >/dev/null 2>&1 &
                      echo $! > pid
                      for i in $(seq 500); do test -e /proc/$!/exe && break; sleep 0.01; done
                  - run: kill -0 $(cat pid)
            """);

        Assert.True(run.Status == PipelineStatus.Passed, run.Failure);
        Assert.Empty(RunningCommands.With(marker));
    }

    [Fact]
    public async Task Run_ChildThatLeavesGroupEnvironmentAndParent_IsEndedWithTheJob()
    {
        var run = await host.RunAsync("""
            on: workflow_dispatch
            jobs:
              build:
                runs-on: ubuntu-latest
                steps:
                  - run: |
                      (env -i setsid sh -c 'trap "" TERM; echo $$ > pid.new; mv pid.new pid; exec >/dev/null 2>&1; while :; do sleep 600.375; done' &)
                      while ! test -e pid; do sleep 0.01; done
                  - run: kill -0 $(cat pid)
            """);

        Assert.True(run.Status == PipelineStatus.Passed, run.Failure);
        Assert.Empty(RunningCommands.With("600.375"));
    }

    [Fact]
    public async Task Run_LongerLogThanAllowed_IsCutWithAClearLineAndKeepsTheResult()
    {
        host.Options.MaxLogMiB = 1;
        var run = await host.RunAsync("""
            on: workflow_dispatch
            jobs:
              build:
                runs-on: ubuntu-latest
                steps:
                  - run: yes 0123456789 | head -c 3000000
                  - run: yes 0123456789 | head -c 3000000; exit 3
            """);

        var log = await host.LogAsync(run.Id);
        Assert.Equal("Job build, step Run yes 0123456789 | head -c 3000000; exit 3: exit code 3.", run.Failure);
        Assert.Single(log, "The log is longer than 1 MB: the rest of the output is not kept.");
        Assert.DoesNotContain(
            "0123456789", log.SkipWhile(l => !l.StartsWith("The log is longer", StringComparison.Ordinal)));
        Assert.Equal("##[error]exit code 3", log[^1]);
        Assert.InRange(new FileInfo(host.RunFolders.Log(run.Id)).Length, 1 << 20, (1 << 20) + (256 << 10));
    }

    [Fact]
    public async Task Run_MoreRunsThanAreKept_TheOldestGoesWithItsFilesAndNumbersGoOn()
    {
        host.Options.KeepRuns = 2;
        var runs = new List<PipelineRunInfo>();
        for (var i = 0; i < 4; i++) runs.Add(await host.RunAsync(
            "on: workflow_dispatch\njobs: { build: { runs-on: ubuntu-latest, steps: [{ run: \"true\" }] } }\n"));

        await Eventually.TrueAsync(
            () => Task.FromResult(!Directory.Exists(host.RunFolders.Run(runs[1].Id))), "the second run to be removed");
        Assert.False(Directory.Exists(host.RunFolders.Run(runs[0].Id)));
        Assert.Equal([4, 3], (await host.Host.ListAsync(
            host.Repository, 10, TestContext.Current.CancellationToken)).Select(r => r.Number));
        Assert.Null(await host.Host.FindAsync(runs[0].Id, TestContext.Current.CancellationToken));
    }
}
