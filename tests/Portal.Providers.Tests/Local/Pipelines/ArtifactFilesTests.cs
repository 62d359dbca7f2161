using Portal.Core.Providers;
using Portal.TestKit.Conformance;

namespace Portal.Providers.Tests.Local.Pipelines;

public sealed class ArtifactFilesTests : PipelineArtifactsConformance, IAsyncDisposable
{
    private readonly PipelineTestHost host = new();

    protected override IPipelineArtifacts Artifacts => host.Files;

    protected override bool Fail(HostFailure failure) => false;

    protected override void Mend()
    {
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    /// <summary>The portal unpacks no links; should one lie there all the same, it leads nowhere.</summary>
    [Fact]
    public async Task Open_LinkInAnArtifact_IsNotFollowed()
    {
        var run = await KeepAsync("results");
        var folder = Path.Combine(host.RunFolders.Artifacts(run), "results");
        File.CreateSymbolicLink(Path.Combine(folder, "link"), "/etc/passwd");
        Directory.CreateSymbolicLink(Path.Combine(folder, "folder"), "/etc");

        var files = await Artifacts.FilesAsync(run, "results", 10, Cancellation);
        Assert.Equal(["a.txt", "sub/b.txt"], files.Select(f => f.Path));
        Assert.Null(await Artifacts.OpenAsync(run, "results", "link", Cancellation));
        Assert.Null(await Artifacts.OpenAsync(run, "results", "folder/passwd", Cancellation));
    }

    protected override async Task<string> KeepAsync(string artifact)
    {
        var run = await host.RunAsync($$"""
            on: workflow_dispatch
            jobs:
              build:
                runs-on: ubuntu-latest
                steps:
                  - run: mkdir -p out/sub && printf one > out/a.txt && printf three > out/sub/b.txt
                  - { uses: actions/upload-artifact@v4, with: { name: {{artifact}}, path: out } }
            """);
        Assert.Equal(PipelineStatus.Passed, run.Status);
        return run.Id;
    }
}
