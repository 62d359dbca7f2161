
namespace Portal.Web.Shared;

/// <summary>Looks again and again while a page is open: one look at a time, never faster than the period.</summary>
public static class Heartbeat
{
    /// <param name="look">Called on the page's own thread; true goes on, false ends it.</param>
    public static async Task FollowAsync(
        TimeProvider time, TimeSpan period, Func<Task<bool>> look, Func<Func<Task>, Task> invoke,
        CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(period, time);
        try
        {
            var on = true;
            while (on && await timer.WaitForNextTickAsync(cancellation)) await invoke(async () => on = await look());
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
        catch (ObjectDisposedException)
        {
            // It was left while it looked.
        }
    }
}
