using System.Text;
using Portal.Core.Providers;

namespace Portal.TestKit.Fakes;

/// <summary>What pipeline runs have kept, in memory: by run, artifact and path.</summary>
public sealed class KeptFiles(string instance = "local") : IPipelineArtifacts
{
    private readonly SortedDictionary<(string Run, string Artifact, string Path), byte[]> files = [];

    public string Instance => instance;

    public string Type => "Fake";

    public void Keep(string run, string artifact, string path, string text) =>
        files[(run, artifact, path)] = Encoding.UTF8.GetBytes(text);

    public Task<IReadOnlyList<ArtifactFile>> FilesAsync(
        string pipelineRun, string artifact, int limit, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<ArtifactFile>>(
            [.. files.Where(f => (f.Key.Run, f.Key.Artifact) == (pipelineRun, artifact)).Take(limit)
                .Select(f => new ArtifactFile(f.Key.Path, f.Value.Length))]);

    public Task<Stream?> OpenAsync(
        string pipelineRun, string artifact, string path, CancellationToken cancellation) =>
        Task.FromResult<Stream?>(
            files.TryGetValue((pipelineRun, artifact, path), out var content) ? new MemoryStream(content) : null);
}
