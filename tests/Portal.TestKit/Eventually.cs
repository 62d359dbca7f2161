using System.Diagnostics;

namespace Portal.TestKit;

/// <summary>
/// Waits for a condition of something that runs by itself; how long it takes is never what is tested.
/// </summary>
public static class Eventually
{
    public static async Task<T> GetAsync<T>(Func<Task<T?>> look, string what, TimeSpan? limit = null) where T : class
    {
        var patience = limit ?? TimeSpan.FromSeconds(60);
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < patience;)
        {
            if (await look() is { } found) return found;
            await Task.Delay(50);
        }
        throw new TimeoutException($"Waited {patience.TotalSeconds:0} s in vain for {what}.");
    }

    public static Task TrueAsync(Func<Task<bool>> look, string what, TimeSpan? limit = null) =>
        GetAsync(async () => await look() ? what : null, what, limit);
}
