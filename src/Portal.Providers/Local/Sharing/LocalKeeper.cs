using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Portal.Providers.Local.Sharing;

/// <summary>What the keeper alone does, from when it has become the keeper until the host stops.</summary>
internal sealed record KeeperDuty(IHostedService Work);

/// <summary>
/// Makes this process the keeper of the provider's folder: at once when nobody else is, otherwise when the one before
/// has ended. The keeper alone looks after environments, runs pipelines and watches pushes; the others call it.
/// </summary>
internal sealed partial class LocalKeeper(
    LocalFolders folders,
    IEnumerable<KeeperDuty> duties, KeeperServer server, IHostApplicationLifetime lifetime, ILogger<LocalKeeper> logger)
    : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    private readonly IReadOnlyList<IHostedService> work = [.. duties.Select(d => d.Work)];
    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationTokenSource stopped = new();
    private KeeperLock? held;
    private Task waiting = Task.CompletedTask;
    private Task serving = Task.CompletedTask;
    private volatile bool isKeeping;
    private volatile bool hasEnded;
    private bool disposed;

    public bool IsKeeping => isKeeping;

    /// <summary>This process stops, and will not become the keeper any more.</summary>
    public bool HasEnded => hasEnded;

    /// <summary>Before any feature starts: whoever calls then is answered by the keeper already.</summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        isKeeping = TryTake();
        return Task.CompletedTask;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (isKeeping)
        {
            await BeginAsync(cancellationToken);
            return;
        }

        LogForwards(logger, folders.Root);
        waiting = Task.Run(() => TakeOverAsync(stopping.Token), CancellationToken.None);
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Ends the duties. Calls are still answered: what runs in this process or in another may need them for its own
    /// end.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await waiting.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!isKeeping) return;
        foreach (var duty in work.Reverse()) await duty.StopAsync(cancellationToken);
    }

    /// <summary>
    /// After all else: another process may keep the folder from now on. If a call does not end, only when this process
    /// has ended.
    /// </summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        (hasEnded, isKeeping) = (true, false);
        await stopped.CancelAsync();
        await serving.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (serving.IsCompleted) held?.Dispose();
    }

    public void Dispose()
    {
        if (disposed) return;
        (hasEnded, isKeeping, disposed) = (true, false, true);
        stopping.Cancel();
        stopped.Cancel();
        held?.Dispose();
        stopping.Dispose();
        stopped.Dispose();
    }

    private bool TryTake() => (held = KeeperLock.TryTake(folders)) is not null;

    private async Task TakeOverAsync(CancellationToken cancellation)
    {
        try
        {
            using var timer = new PeriodicTimer(LookEvery, TimeProvider.System);
            while (!TryTake()) await timer.WaitForNextTickAsync(cancellation);
            isKeeping = true;
            LogTakesOver(logger, folders.Root);
            await BeginAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The host stops before it was this process's turn.
        }
        catch (Exception e)
        {
            End(e);
        }
    }

    private async Task BeginAsync(CancellationToken cancellation)
    {
        foreach (var duty in work)
        {
            await duty.StartAsync(cancellation);
            if (duty is BackgroundService { ExecuteTask: { } task }) _ = FollowAsync(task);
        }

        // Nobody here waits for it.
        serving = Task.Run(() => server.ServeAsync(stopped.Token), CancellationToken.None);
    }

    private async Task FollowAsync(Task duty)
    {
        try
        {
            await duty;
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            End(e);
        }
        catch (OperationCanceledException)
        {
            // As it should be.
        }
    }

    /// <summary>A keeper that cannot do its duties must not stand in the way of another.</summary>
    private void End(Exception e)
    {
        LogFailed(logger, e);
        lifetime.StopApplication();
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Another portal process looks after {Folder}; calls are forwarded to it")]
    private static partial void LogForwards(ILogger logger, string folder);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The process that looked after {Folder} has ended: this one takes over")]
    private static partial void LogTakesOver(ILogger logger, string folder);

    [LoggerMessage(
        Level = LogLevel.Critical,
        Message = "The local pipelines and environments cannot be looked after; the portal stops")]
    private static partial void LogFailed(ILogger logger, Exception e);
}
