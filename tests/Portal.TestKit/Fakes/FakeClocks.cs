using Portal.Core.Data.Clocks;

namespace Portal.TestKit.Fakes;

/// <summary>Clocks in step with the test's own, until one of them is set.</summary>
public sealed class FakeClocks(TimeProvider time) : IClocks
{
    private readonly DateTimeOffset started = time.GetUtcNow();

    /// <summary>By how much the machine's clock is ahead.</summary>
    public TimeSpan HostAhead { get; set; }

    /// <summary>By how much the database's clock is ahead.</summary>
    public TimeSpan DatabaseAhead { get; set; }

    public DateTimeOffset Host => time.GetUtcNow() + HostAhead;

    /// <summary>From the start on, whatever the clocks say; moves with the test's clock.</summary>
    public TimeSpan Uptime => time.GetUtcNow() - started;

    public string Boot { get; set; } = "test";

    public Task<DateTimeOffset> DatabaseAsync(CancellationToken cancellation) =>
        Task.FromResult(time.GetUtcNow() + DatabaseAhead);
}
