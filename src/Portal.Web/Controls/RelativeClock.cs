namespace Portal.Web.Controls;

/// <summary>
/// One timer per circuit for everything on the page that grows old: relative times twice a minute, running durations
/// each second. It stands still while nobody listens.
/// </summary>
public sealed class RelativeClock(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HalfMinute = TimeSpan.FromSeconds(30);
    private readonly Ticker seconds = new(time, Second);
    private readonly Ticker halfMinutes = new(time, HalfMinute);

    public DateTimeOffset Now => time.GetUtcNow();

    public IDisposable EverySecond(Action act) => seconds.Add(act);

    public IDisposable EveryHalfMinute(Action act) => halfMinutes.Add(act);

    public void Dispose()
    {
        seconds.Dispose();
        halfMinutes.Dispose();
    }

    private sealed class Ticker(TimeProvider time, TimeSpan period) : IDisposable
    {
        private readonly Lock gate = new();
        private readonly List<Action> listeners = [];
        private ITimer? timer;

        public IDisposable Add(Action act)
        {
            lock (gate)
            {
                listeners.Add(act);
                timer ??= time.CreateTimer(_ => Tick(), state: null, period, period);
            }

            return new Listening(this, act);
        }

        public void Dispose()
        {
            lock (gate)
            {
                listeners.Clear();
                timer?.Dispose();
                timer = null;
            }
        }

        private void Tick()
        {
            Action[] now;
            lock (gate) now = [.. listeners];
            foreach (var act in now) act();
        }

        private void Remove(Action act)
        {
            lock (gate)
            {
                listeners.Remove(act);
                if (listeners.Count > 0) return;
                timer?.Dispose();
                timer = null;
            }
        }

        private sealed class Listening(Ticker ticker, Action act) : IDisposable
        {
            public void Dispose() => ticker.Remove(act);
        }
    }
}
