using System.IO.Compression;
using Portal.Core.Delivery;
using Portal.Core.Providers;
using Portal.Web.Pipelines;

namespace Portal.Web.Tests.Pipelines;

public sealed class ArtifactDownloadsTests
{
    [Fact]
    public async Task Write_FilesLargeAndSmall_NeverBlocksAndArrivesWhole()
    {
        var large = new byte[5 * 1024 * 1024];
        new Random(1).NextBytes(large);
        var host = new KeptFiles(("app/large.bin", large), ("app/empty", []), ("read me.txt", [1, 2, 3]));
        var response = new ServerStream();

        await ArtifactDownloads.WriteAsync(
            new KeptArtifact(host, "run-1", "app", await host.FilesAsync("run-1", "app", 10, default)), response,
            TestContext.Current.CancellationToken);

        Assert.True(response.LargestWrite < 1024 * 1024, $"{response.LargestWrite} bytes at once");
        using var zip = new ZipArchive(new MemoryStream(response.Written.ToArray()));
        Assert.Equal(["app/large.bin", "app/empty", "read me.txt"], zip.Entries.Select(e => e.FullName));
        using var read = new MemoryStream();
        await zip.Entries[0].Open().CopyToAsync(read, TestContext.Current.CancellationToken);
        Assert.True(large.AsSpan().SequenceEqual(read.ToArray()));
    }

    private sealed class KeptFiles(params (string Path, byte[] Content)[] files) : IPipelineArtifacts
    {
        public string Instance => "local";

        public string Type => "local";

        public Task<IReadOnlyList<ArtifactFile>> FilesAsync(
            string pipelineRun, string artifact, int limit, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<ArtifactFile>>(
                [.. files.Select(f => new ArtifactFile(f.Path, f.Content.Length))]);

        public Task<Stream?> OpenAsync(
            string pipelineRun, string artifact, string path, CancellationToken cancellation) =>
            Task.FromResult<Stream?>(new MemoryStream(files.First(f => f.Path == path).Content));
    }

    /// <summary>As the server's: who blocks is refused.</summary>
    private sealed class ServerStream : Stream
    {
        public MemoryStream Written { get; } = new();

        public int LargestWrite { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            LargestWrite = Math.Max(LargestWrite, buffer.Length);
            return Written.WriteAsync(buffer, cancellationToken);
        }

        public override void Write(byte[] buffer, int offset, int count) =>
            throw new InvalidOperationException("Synchronous operations are disallowed.");

        public override void Flush() => throw new InvalidOperationException("Synchronous operations are disallowed.");

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
