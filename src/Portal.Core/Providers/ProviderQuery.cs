using Portal.Core.Shared;

namespace Portal.Core.Providers;

/// <summary>
/// Asks a provider for something that a page, or a list of several providers, shows: whatever happens to it, the rest
/// goes on. A host that refuses or does not answer in time becomes an error in words, also one that does not listen to
/// being cancelled.
/// </summary>
public static class ProviderQuery
{
    /// <summary>How long somebody waits who looks at a page.</summary>
    public static readonly TimeSpan Short = TimeSpan.FromSeconds(5);

    /// <summary>For lines of a log: a page shows itself without them meanwhile.</summary>
    public static readonly TimeSpan Log = TimeSpan.FromSeconds(30);

    /// <summary>How long somebody waits who has asked for it with a button and is told that it takes a while.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    /// <param name="instance">Who is asked, for the words.</param>
    public static async Task<Result<T>> AskAsync<T>(
        string instance, TimeSpan limit, TimeProvider time, Func<CancellationToken, Task<T>> ask,
        CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            return Result<T>.Ok(await ask(ending.Token).WaitAsync(limit, time, cancellation));
        }
        catch (ProviderException e)
        {
            return e.Error;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException
            && !cancellation.IsCancellationRequested)
        {
            return TooSlow(instance, limit);
        }
        finally
        {
            // A call that is left behind is told so; what becomes of it then is of no interest.
            await ending.CancelAsync();
        }
    }

    private static Error TooSlow(string instance, TimeSpan limit) => new(
        ErrorKind.Unavailable, "provider-slow",
        $"{instance} has not answered within {limit.TotalSeconds:0} seconds. Try again in a while.");
}
