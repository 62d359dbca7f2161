using System.Diagnostics;
using Portal.TestKit;
using Portal.Web.Commands;
using Portal.Web.Hosting;

namespace Portal.Web.Tests.Hosting;

public sealed class DataFolderTests : IDisposable
{
    private readonly string path = Directory.CreateTempSubdirectory("portal-data-").FullName;

    public void Dispose() => Directory.Delete(path, recursive: true);

    [Fact]
    public void Hold_TwoThatShare_BothHaveItUntilTheLastIsGone()
    {
        var one = Folder(isShared: true).Hold();
        var two = Folder(isShared: true).Hold();
        one.Dispose();
        Assert.Equal(Environment.ProcessId, Folder(isShared: true).HeldBy());
        two.Dispose();
        Assert.Null(Folder(isShared: true).HeldBy());
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Hold_OneThatDoesNotShare_IsAlone(bool first, bool second)
    {
        using var held = Folder(first).Hold();
        var refused = Assert.Throws<StartupException>(() => Folder(second).Hold());
        Assert.Contains($"process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HeldBy_LastOneStartedIsGone_IsAnotherThatHoldsIt()
    {
        using (Folder(isShared: true).Hold())
        {
            // The file names a process that does not have the folder (any more).
            await File.WriteAllTextAsync(Path.Combine(path, "portal.pid"), "1", TestContext.Current.CancellationToken);
        }

        using var other = Process.Start(
            new ProcessStartInfo("flock", ["--shared", Path.Combine(path, "portal.lock"), "sleep", "60"]))!;
        try
        {
            await Eventually.TrueAsync(
                () => Task.FromResult(Folder(isShared: true).HeldBy() is { } pid && pid != 1),
                "the other process to hold it");
        }
        finally
        {
            other.Kill(entireProcessTree: true);
        }
    }

    private DataFolder Folder(bool isShared) => new(path) { IsShared = isShared };
}
