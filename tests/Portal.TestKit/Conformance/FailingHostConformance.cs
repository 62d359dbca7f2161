using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.TestKit.Conformance;

/// <summary>What can be wrong with what a provider asks.</summary>
public enum HostFailure
{
    /// <summary>It answers every request that it failed, and does nothing.</summary>
    Down,

    /// <summary>It lets the provider's credentials do nothing of what the capability is for.</summary>
    Refuses,

    /// <summary>It takes every request and never answers.</summary>
    Silent,
}

/// <summary>
/// What the calls of every capability keep when the host behind it fails. The suite of a capability inherits it and
/// says which calls it has; an adapter says how its host fails.
/// </summary>
public abstract class FailingHostConformance
{
    /// <summary>Long past every time that a call that was cancelled may need for its end.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// Every call of the capability on something that is there, ready to be made while the host is well again.
    /// </summary>
    protected abstract Task<IReadOnlyList<Func<CancellationToken, Task>>> CallsAsync();

    /// <summary>From now on the host fails so, until <see cref="Mend"/>.</summary>
    /// <returns>False where it cannot: what asks nobody outside cannot be refused.</returns>
    protected abstract bool Fail(HostFailure failure);

    protected abstract void Mend();

    /// <summary>Takes away what <see cref="CallsAsync"/> made, where it would go on and cost something.</summary>
    protected virtual Task CleanAsync() => Task.CompletedTask;

    [Fact]
    public Task Call_HostDown_IsATypedErrorThatMayPass() => EachAsync(HostFailure.Down, async call =>
    {
        var error = await Assert.ThrowsAsync<ProviderException>(() => call(Cancellation));
        Assert.Equal((ErrorKind.Unavailable, true), (error.Error.Kind, error.IsTransient));
        Assert.NotEmpty(error.Message);
    });

    [Fact]
    public Task Call_HostRefuses_IsForbiddenAndDoesNotPassByItself() => EachAsync(HostFailure.Refuses, async call =>
    {
        var error = await Assert.ThrowsAsync<ProviderException>(() => call(Cancellation));
        Assert.Equal((ErrorKind.Forbidden, false), (error.Error.Kind, error.IsTransient));
        Assert.NotEmpty(error.Message);
    });

    [Fact]
    public Task Call_CancelledWhileTheHostIsSilent_EndsAtOnce() => EachAsync(HostFailure.Silent, async call =>
    {
        using var cancelled = new CancellationTokenSource();
        var under = call(cancelled.Token);
        await Task.Delay(50, Cancellation);
        Assert.False(under.IsCompleted);
        await cancelled.CancelAsync();
        var ended = await Task.WhenAny(under, Task.Delay(Patience, Cancellation));
        Assert.Same(under, ended);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => under);
    });

    [Fact]
    public async Task Call_CancelledBefore_DoesNothing()
    {
        var calls = await CallsAsync();
        try
        {
            foreach (var call in calls)
            {
                await Assert.ThrowsAnyAsync<OperationCanceledException>(
                    () => call(new CancellationToken(canceled: true)));
            }
        }
        finally
        {
            await CleanAsync();
        }
    }

    /// <summary>The same calls succeed when the host is well again.</summary>
    private async Task EachAsync(HostFailure failure, Func<Func<CancellationToken, Task>, Task> test)
    {
        // Nothing is made where nothing can fail.
        if (!Fail(failure)) Assert.Skip("Nobody outside is asked.");
        Mend();
        var calls = await CallsAsync();
        Assert.NotEmpty(calls);
        try
        {
            Fail(failure);
            try
            {
                foreach (var call in calls) await test(call);
            }
            finally
            {
                Mend();
            }
            foreach (var call in calls) await call(Cancellation);
        }
        finally
        {
            await CleanAsync();
        }
    }
}
