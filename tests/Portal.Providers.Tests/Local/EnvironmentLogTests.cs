using Portal.Providers.Local.Environments;
using Portal.TestKit;

namespace Portal.Providers.Tests.Local;

public sealed class EnvironmentLogTests : IDisposable
{
    private readonly EnvironmentFolder folder = new(Directory.CreateTempSubdirectory("portal-log-").FullName);
    private readonly FakeTimeProvider time = new();

    public EnvironmentLogTests() => Directory.CreateDirectory(folder.Log);

    public void Dispose() => Directory.Delete(folder.Root, recursive: true);

    [Fact]
    public void Read_OutputAndOwnLines_AreNumberedInOrder()
    {
        var log = Open();
        log.Write("Starting");
        File.AppendAllText(folder.Output, "one\r\nold\rtwo\nunfini");
        Assert.Equal(["1 portal Starting", "2 app one", "3 app two"], Lines(log));
        File.AppendAllText(folder.Output, "shed\n\u0000\n");
        Assert.Equal(["4 app unfinished", "5 app \uFFFD"], Lines(log, 3));
        Assert.Equal(time.GetUtcNow(), log.Read(0, 1)[0].At);
    }

    [Fact]
    public void Collect_ProcessIsOver_TakesTheLastLineWithoutAnEnd()
    {
        var log = Open();
        File.AppendAllText(folder.Output, "one\npanic: no");
        log.Collect(whole: true);
        Assert.Equal(["1 app one", "2 app panic: no"], Lines(log));
    }

    [Fact]
    public void Open_Again_GoesOnCountingAndTakesNothingTwice()
    {
        File.AppendAllText(folder.Output, "one\ntwo\n");
        Open().Collect();
        File.AppendAllText(folder.Output, "three\n");
        Assert.Equal(["1 app one", "2 app two", "3 app three"], Lines(Open()));
    }

    [Fact]
    public void Collect_MoreThanTheLimit_DropsTheOldestAndNumbersContinue()
    {
        var log = new EnvironmentLog(folder, time) { SegmentBytes = 2000 };
        for (var i = 1; i <= 2000; i++)
        {
            File.AppendAllText(folder.Output, $"line {i}\n");
            if (i % 10 == 0) log.Collect();
        }
        var lines = log.Read(0, int.MaxValue);
        Assert.InRange(lines.Count, 200, 1000);
        Assert.Equal((2000, "line 2000"), (lines[^1].Number, lines[^1].Text));
        Assert.All(lines, l => Assert.Equal($"line {l.Number}", l.Text));
        Assert.Equal(lines.Skip(lines.Count - 5).Select(l => l.Number), log.Read(1995, 10).Select(l => l.Number));
        Assert.InRange(new FileInfo(folder.Output).Length, 0, 2100);
    }

    private EnvironmentLog Open() => new(folder, time);

    private static IEnumerable<string> Lines(EnvironmentLog log, long after = 0) =>
        log.Read(after, 100).Select(l => $"{l.Number} {l.Source} {l.Text}");
}
