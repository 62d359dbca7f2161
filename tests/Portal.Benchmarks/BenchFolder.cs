using Portal.TestKit.Hosting;

namespace Portal.Benchmarks;

/// <summary>A temporary folder with the data of one portal and the templates that it is measured with.</summary>
internal sealed class BenchFolder : IAsyncDisposable
{
    private readonly string path = Directory.CreateTempSubdirectory("portal-bench-").FullName;

    public BenchFolder()
    {
        // PostgreSQL and the jobs of pipelines run as users of their own, who must be able to pass through.
        File.SetUnixFileMode(path, (UnixFileMode)0b111_001_001);
        Directory.CreateDirectory(Templates);
    }

    public string Data => Path.Combine(path, "data");

    public string Templates => Path.Combine(path, "templates");

    /// <summary>For a PostgreSQL of the benchmark's own.</summary>
    public string Database => Path.Combine(path, "postgres");

    /// <summary>Ends what runs from the folder, its PostgreSQL and its environments included, and removes it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists(Data))
        {
            await PortalProgram.Portal.RunAsync(
                ["reset", "--data", Data], Path.GetFileName(Data), CancellationToken.None);
        }
        Directory.Delete(path, recursive: true);
    }
}
