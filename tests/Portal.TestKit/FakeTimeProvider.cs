namespace Portal.TestKit;

/// <summary>A clock that stands still until the test moves it, on a Monday morning unless told otherwise.</summary>
public sealed class FakeTimeProvider(DateTimeOffset? start = null)
    : Microsoft.Extensions.Time.Testing.FakeTimeProvider(start ?? new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
