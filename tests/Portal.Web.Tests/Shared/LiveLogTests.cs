using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.TestKit;
using Portal.Web.Controls;
using Portal.Web.Shared;

namespace Portal.Web.Tests.Shared;

public sealed class LiveLogTests
{
    private readonly List<HostLogLine> host = [];

    [Fact]
    public async Task ReadOnAsync_Again_TakesOnlyWhatIsNew()
    {
        var log = new LiveLog(ReadAsync);
        Write("app", "one");
        Assert.True(await log.ReadOnAsync(TestContext.Current.CancellationToken));
        Assert.False(await log.ReadOnAsync(TestContext.Current.CancellationToken));
        Write("app", "two");

        Assert.True(await log.ReadOnAsync(TestContext.Current.CancellationToken));

        Assert.Equal(["one", "two"], log.Lines.Select(l => l.Text));
    }

    [Fact]
    public async Task ReadOnAsync_StepsSpeak_EachIsNamedOnceAndMarksAreRead()
    {
        var log = new LiveLog(ReadAsync, headings: true);
        Write("build / Test", "##[group]Run npm test");
        Write("build / Test", "##[endgroup]");
        Write("build / Test", "##[error]1 failed");
        Write("build / Pack", "done");

        await log.ReadOnAsync(TestContext.Current.CancellationToken);

        Assert.Equal(

            [
                ("build / Test", LogLevelKind.Heading), ("Run npm test", LogLevelKind.Heading),
                ("1 failed", LogLevelKind.Error), ("build / Pack", LogLevelKind.Heading), ("done", LogLevelKind.Normal)
            ],
            log.Lines.Select(l => (l.Text, l.Kind)));
    }

    [Fact]
    public async Task ReadOnAsync_HostRefuses_SaysWhyAndKeepsWhatItHas()
    {
        var refuses = false;
        var log = new LiveLog((after, limit, cancellation) =>
            refuses
                ? Task.FromResult<Result<IReadOnlyList<HostLogLine>>>(Error.NotFound("gone", "It is gone."))
                : ReadAsync(after, limit, cancellation));
        Write("app", "one");
        await log.ReadOnAsync(TestContext.Current.CancellationToken);
        refuses = true;

        Assert.True(await log.ReadOnAsync(TestContext.Current.CancellationToken));

        Assert.Equal("It is gone.", log.Problem);
        Assert.Single(log.Lines);
    }

    [Fact]
    public async Task ReadOnAsync_HostIsSlow_SaysSoAndTakesTheAnswerWhenItComes()
    {
        var (time, answer, asked) =
            (new FakeTimeProvider(), new TaskCompletionSource<Result<IReadOnlyList<HostLogLine>>>(), 0);
        var log = new LiveLog(
            (_, _, _) => ++asked == 1 ? answer.Task : ReadAsync(1, 10, CancellationToken.None), time: time);
        var first = log.ReadOnAsync(TestContext.Current.CancellationToken);
        time.Advance(LiveLog.Patience);
        Assert.True(await first);
        Assert.Equal(LiveLog.Slow, log.Problem);

        answer.SetResult(
            Result<IReadOnlyList<HostLogLine>>.Ok([new HostLogLine(1, DateTimeOffset.UnixEpoch, "app", "late")]));
        Assert.True(await log.ReadOnAsync(TestContext.Current.CancellationToken));

        Assert.Equal(("late", null, 1), (Assert.Single(log.Lines).Text, log.Problem, asked));
    }

    private void Write(string source, string text) =>
        host.Add(new HostLogLine(host.Count + 1, DateTimeOffset.UnixEpoch, source, text));

    private Task<Result<IReadOnlyList<HostLogLine>>> ReadAsync(long after, int limit, CancellationToken cancellation) =>
        Task.FromResult(Result<IReadOnlyList<HostLogLine>>.Ok([.. host.Where(l => l.Number > after).Take(limit)]));
}
