using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.TestKit;

namespace Portal.Core.Tests.Providers;

public sealed class ProviderQueryTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public async Task AskAsync_Answer_IsTheValue()
    {
        var asked = await ProviderQuery.AskAsync(
            "azure", ProviderQuery.Short, time, _ => Task.FromResult(7), CancellationToken.None);

        Assert.Equal(7, asked.Value);
    }

    [Fact]
    public async Task AskAsync_Refusal_IsTheProvidersError()
    {
        var asked = await ProviderQuery.AskAsync<int>(
            "azure", ProviderQuery.Short, time, _ => throw ProviderException.NotFound("gone", "It is gone."),
            CancellationToken.None);

        Assert.Equal(("gone", "It is gone."), (asked.Error!.Code, asked.Error.Message));
    }

    [Fact]
    public async Task AskAsync_NoAnswerThatListensToNothing_EndsInTimeAndSaysWho()
    {
        var told = new CancellationToken();
        var asking = ProviderQuery.AskAsync(
            "azure", TimeSpan.FromSeconds(5), time,
            token => { told = token; return new TaskCompletionSource<int>().Task; }, CancellationToken.None);
        Assert.False(asking.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(5));

        var asked = await asking;
        Assert.Equal(
            (ErrorKind.Unavailable, "azure has not answered within 5 seconds. Try again in a while."),
            (asked.Error!.Kind, asked.Error.Message));
        Assert.True(told.IsCancellationRequested);
    }

    [Fact]
    public async Task AskAsync_WhoAskedHasGone_IsCancelledAndNoAnswer()
    {
        using var leaving = new CancellationTokenSource();
        var asking = ProviderQuery.AskAsync(
            "azure", ProviderQuery.Short, time, _ => new TaskCompletionSource<int>().Task, leaving.Token);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }
}
