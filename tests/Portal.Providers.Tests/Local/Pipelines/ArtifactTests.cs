using Portal.Core.Providers;

namespace Portal.Providers.Tests.Local.Pipelines;

public sealed class ArtifactTests : IAsyncDisposable
{
    private readonly PipelineTestHost host = new();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task DownloadArtifact_OneAndAll_LayWhereGitHubLaysThem()
    {
        var run = await host.RunAsync("""
            on: workflow_dispatch
            jobs:
              build:
                runs-on: ubuntu-latest
                steps:
                  - run: mkdir -p dist/sub && echo one > dist/a && echo two > dist/sub/b && chmod +x dist/a && echo log > test.log
                  - { uses: actions/upload-artifact@v4, with: { name: app, path: dist } }
                  - { uses: actions/upload-artifact@v4, with: { name: logs, path: "*.log" } }
              use:
                needs: build
                runs-on: ubuntu-latest
                steps:
                  - { id: one, uses: actions/download-artifact@v4, with: { name: app, path: into } }
                  - run: test -x into/a && cat into/a into/sub/b && test "${{ steps.one.outputs.download-path }}" = "$PWD/into"
                  - { uses: actions/download-artifact@v4, with: { path: all } }
                  - run: cat all/app/a all/logs/test.log
                  - { uses: actions/download-artifact@v4, with: { pattern: "a*", path: merged, merge-multiple: true } }
                  - run: cat merged/sub/b && ! test -e merged/test.log
            """);

        Assert.True(
            run.Status == PipelineStatus.Passed, $"{run.Failure}\n{string.Join('\n', await host.LogAsync(run.Id))}");
        Assert.Equal([new ArtifactInfo("app", 8, 2), new ArtifactInfo("logs", 4, 1)], run.Artifacts);
    }

    [Fact]
    public async Task DownloadArtifact_NotThere_NamesThoseThatAre()
    {
        var run = await host.RunAsync("""
            on: workflow_dispatch
            jobs:
              build:
                runs-on: ubuntu-latest
                steps:
                  - run: echo one > a
                  - { uses: actions/upload-artifact@v4, with: { name: app, path: a } }
                  - { uses: actions/download-artifact@v4, with: { name: apps } }
            """);

        Assert.Contains(
            "there is no artifact 'apps' of this run; there are: app", run.Failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ln -s /etc/passwd dist/link", "dist")]
    [InlineData("ln -s /etc dist/folder", "dist/**")]
    [InlineData("ln -s ../../../.. dist/up", "dist")]
    public async Task UploadArtifact_LinkOutOfTheWorkspace_IsRefusedWithNothingKept(string script, string path)
    {
        var run = await host.RunAsync($$"""
            on: workflow_dispatch
            jobs:
              build:
                runs-on: ubuntu-latest
                steps:
                  - run: mkdir dist && echo x > dist/file && {{script}}
                  - { uses: actions/upload-artifact@v4, with: { name: app, path: "{{path}}" } }
            """);

        Assert.Equal(PipelineStatus.Failed, run.Status);
        Assert.Contains("(a symbolic link)", run.Failure, StringComparison.Ordinal);
        Assert.Empty(run.Artifacts);
        Assert.Null(await host.AppAsync(run.Id));
    }

    [Fact]
    public async Task UploadArtifact_MoreThanTheLimit_IsRefused()
    {
        host.Options.MaxArtifactsMiB = 1;
        var run = await host.RunAsync("""
            on: workflow_dispatch
            jobs:
              build:
                runs-on: ubuntu-latest
                steps:
                  - run: head -c 1200000 /dev/zero > big
                  - { uses: actions/upload-artifact@v4, with: { name: app, path: big } }
            """);

        Assert.Contains("the artifacts of this run are larger than 1 MiB", run.Failure, StringComparison.Ordinal);
        Assert.Null(await host.AppAsync(run.Id));
    }
}
