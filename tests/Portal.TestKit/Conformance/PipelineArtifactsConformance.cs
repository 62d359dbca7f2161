using Portal.Core.Providers;

namespace Portal.TestKit.Conformance;

/// <summary>
/// What every <see cref="IPipelineArtifacts"/> keeps. An adapter inherits it, has a run keep these files, and passes.
/// </summary>
public abstract class PipelineArtifactsConformance : FailingHostConformance
{
    private const string Artifact = "results";

    protected abstract IPipelineArtifacts Artifacts { get; }

    /// <summary>A run that has kept the files "a.txt" ("one") and "sub/b.txt" ("three") under the name.</summary>
    /// <returns>The run's id.</returns>
    protected abstract Task<string> KeepAsync(string artifact);

    protected override async Task<IReadOnlyList<Func<CancellationToken, Task>>> CallsAsync()
    {
        var run = await KeepAsync(Artifact);
        return
        [
            cancellation => Artifacts.FilesAsync(run, Artifact, 10, cancellation),
            async cancellation =>
            {
                await using var stream = await Artifacts.OpenAsync(run, Artifact, "a.txt", cancellation);
            },
        ];
    }

    [Fact]
    public async Task Files_OfAnArtifact_HavePathsAndSizesAndCanBeOpened()
    {
        var run = await KeepAsync(Artifact);

        var files = await Artifacts.FilesAsync(run, Artifact, 10, Cancellation);

        Assert.Equal([new ArtifactFile("a.txt", 3), new ArtifactFile("sub/b.txt", 5)], files);
        await using var stream = await Artifacts.OpenAsync(run, Artifact, "sub/b.txt", Cancellation);
        using var reader = new StreamReader(stream!);
        Assert.Equal("three", await reader.ReadToEndAsync(Cancellation));
        Assert.Single(await Artifacts.FilesAsync(run, Artifact, 1, Cancellation));
        Assert.Empty(await Artifacts.FilesAsync(run, "absent", 10, Cancellation));
        Assert.Empty(await Artifacts.FilesAsync("absent", Artifact, 10, Cancellation));
        foreach (var path in (string[])["absent", "", "sub", "../results/a.txt", "/etc/passwd", "sub/../../log"])
        {
            Assert.Null(await Artifacts.OpenAsync(run, Artifact, path, Cancellation));
        }
        foreach (var name in (string[])["..", "../..", ".", "results/sub", ""])
        {
            Assert.Empty(await Artifacts.FilesAsync(run, name, 10, Cancellation));
            Assert.Null(await Artifacts.OpenAsync(run, name, "a.txt", Cancellation));
        }
    }
}
