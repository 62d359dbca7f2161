using Portal.Core.Providers;

namespace Portal.TestKit.Conformance;

/// <summary>
/// What every <see cref="IProviderCheck"/> keeps. An adapter inherits it, breaks what it is built on, and passes.
/// </summary>
public abstract class ProviderCheckConformance
{
    /// <summary>Long past every time that a check that was cancelled may need for its end.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Of an instance that can be used.</summary>
    protected abstract IProviderCheck Check { get; }

    /// <summary>From now on the host fails so, until <see cref="Mend"/>.</summary>
    protected abstract void Fail(HostFailure failure);

    protected abstract void Mend();

    /// <summary>
    /// Checks of instances each of which cannot be used for another reason: no such host, wrong key, wrong name …
    /// </summary>
    protected abstract IEnumerable<(string Why, IProviderCheck Check)> Unusable { get; }

    /// <summary>What no word of a check may hold.</summary>
    protected abstract IReadOnlyList<string> Secrets { get; }

    /// <summary>Counts what was changed at the host.</summary>
    protected abstract int Changes { get; }

    [Fact]
    public async Task Check_AllIsWell_IsUsableAndChangesNothing()
    {
        var before = Changes;
        var check = await Check.CheckAsync(Cancellation);
        Assert.True(check.IsUsable, string.Join('\n', check.Problems));
        IsProper(check);
        Assert.Equal(before, Changes);
    }

    [Theory]
    [InlineData(HostFailure.Down)]
    [InlineData(HostFailure.Refuses)]
    public async Task Check_HostFails_IsAProblemUntilItIsWellAgain(HostFailure failure)
    {
        Assert.True((await Check.CheckAsync(Cancellation)).IsUsable);
        Fail(failure);
        try
        {
            var check = await Check.CheckAsync(Cancellation);
            Assert.False(check.IsUsable);
            IsProper(check);
        }
        finally
        {
            Mend();
        }
        Assert.True((await Check.CheckAsync(Cancellation)).IsUsable);
    }

    [Fact]
    public async Task Check_InstanceThatCannotBeUsed_SaysSoWithoutItsSecrets()
    {
        foreach (var (why, check) in Unusable)
        {
            var found = await check.CheckAsync(Cancellation);
            Assert.False(found.IsUsable, why);
            IsProper(found);
        }
    }

    [Fact]
    public async Task Check_CancelledWhileTheHostIsSilent_EndsAtOnce()
    {
        Fail(HostFailure.Silent);
        try
        {
            using var cancelled = new CancellationTokenSource();
            var check = Check.CheckAsync(cancelled.Token);
            await Task.Delay(50, Cancellation);
            Assert.False(check.IsCompleted);
            await cancelled.CancelAsync();
            Assert.Same(check, await Task.WhenAny(check, Task.Delay(Patience, Cancellation)));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => check);
        }
        finally
        {
            Mend();
        }
    }

    [Fact]
    public async Task Check_SeveralAtOnce_AllSayTheSame()
    {
        var checks = await Task.WhenAll(Enumerable.Range(
            0, 5).Select(_ => Task.Run(() => Check.CheckAsync(Cancellation))));
        Assert.All(checks, check => Assert.Equal((checks[0].Summary, true), (check.Summary, check.IsUsable)));
    }

    private void IsProper(ProviderCheck check)
    {
        foreach (var words in check.Problems.Prepend(check.Summary))
        {
            Assert.InRange(words.Trim().Length, 5, 1_500);
            Assert.DoesNotContain('\n', words);
            foreach (var secret in Secrets) Assert.DoesNotContain(secret, words, StringComparison.Ordinal);
        }
        Assert.Equal(check.Problems.Count, check.Problems.Distinct(StringComparer.Ordinal).Count());
    }
}
