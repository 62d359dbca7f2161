using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Portal.Core.GoldenPaths.Runs.Execution;

/// <summary>A process that is asked to stop: its runs end at the next journal entry, and a call that takes too long is ended.</summary>
internal sealed class Drain : IDisposable
{
    private readonly CancellationTokenSource over = new();
    private readonly CancellationTokenRegistration asked;
    private ITimer? patience;

    public Drain(IHostApplicationLifetime lifetime, IOptions<RunOptions> options, TimeProvider time)
    {
        Stopping = lifetime.ApplicationStopping;
        var due = TimeSpan.FromSeconds(options.Value.DrainSeconds);
        asked = Stopping.Register(() => patience = time.CreateTimer(_ => over.Cancel(), null, due, Timeout.InfiniteTimeSpan));
    }

    /// <summary>The process is asked to stop: begin nothing new.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>It cannot wait any longer for calls that are under way.</summary>
    public CancellationToken Over => over.Token;

    public void Dispose()
    {
        asked.Dispose();
        patience?.Dispose();
        over.Dispose();
    }
}
