using Microsoft.Extensions.Logging;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Local.Processes;

namespace Portal.Providers.Local.Environments;

/// <summary>What every environment needs of the outside.</summary>
internal sealed record EnvironmentTools(
    EnvironmentProcess Processes, HealthCheck Health, Ports Ports, IProviderEvents Events, TimeProvider Time, TimeSpan StartTimeout, ILogger Logger);

/// <summary>
/// One environment: its state, its process, and the changes to both. The caller holds <see cref="Gate"/> during each change, so that
/// the supervisor and people do not get into each other's way.
/// </summary>
internal sealed partial class SupervisedEnvironment(EnvironmentTools tools, EnvironmentFolder folder, EnvironmentSize size, EnvironmentState state)
{
    private const int TailLines = 20;

    private volatile EnvironmentState current = state;

    public SemaphoreSlim Gate { get; } = new(1, 1);

    public EnvironmentFolder Folder => folder;

    public EnvironmentLog Log { get; } = new(folder, tools.Time);

    public EnvironmentState State => current;

    public EnvironmentSize Size => size;

    public EnvironmentTools Tools => tools;

    /// <summary>The living process; null when there is none.</summary>
    public DetachedProcess? Process { get; private set; }

    public bool IsDestroyed { get; private set; }

    /// <summary>
    /// After a start of the portal: takes the process back if it is still there and what should run. Everything else is ended; the
    /// supervisor starts what is missing.
    /// </summary>
    public async Task AdoptAsync()
    {
        var known = current.Process;
        if (current.ShouldRun && known is not null && known.Version == current.Version?.Number) Process = tools.Processes.Adopt(known);
        if (Process is null) await EndAsync();
        else await tools.Processes.EndLatestAsync(current, Process.RunTag);
    }

    /// <summary>Writes the state down, then tells.</summary>
    public async Task SaveAsync(EnvironmentState next)
    {
        var told = next.Info != current.Info;
        folder.WriteState(next);
        current = next;
        if (told) await TellAsync(next.Info);
    }

    /// <summary>Starts the version on the environment's own port and waits until it is healthy. Otherwise nothing of it is left, and it throws.</summary>
    public async Task StartAsync(LocalVersion version, EnvironmentState next, CancellationToken cancellation)
    {
        if (!await Ports.BecomesFreeAsync(next.Port, cancellation))
            throw ProviderException.Unavailable("port-taken", $"Port {next.Port} of environment {next.Name} is used by another program: end that program, or destroy the environment and make it again.");
        var counter = next.Counter + 1;
        var process = Launch(version, next, next.Port, counter);
        // Before the wait: a portal that dies now must find the process again.
        await SaveAsync(next with { Counter = counter, Process = new ProcessIdentity(process.Id, process.StartTime, process.RunTag, version.Number) });
        Process = process;
        await HealthyAsync(process, version, next.Port, cancellation);
        await SaveAsync(current with { Status = EnvironmentStatus.Running, Version = version, StartedAt = tools.Time.Now(), Message = null });
    }

    /// <summary>Tries a version on a port of its own, and ends it again. Throws when it does not become healthy.</summary>
    public async Task TryAsync(LocalVersion version, CancellationToken cancellation)
    {
        var port = tools.Ports.Take();
        try
        {
            await SaveAsync(current with { Counter = current.Counter + 1 });
            var process = Launch(version, current, port, current.Counter);
            try
            {
                await HealthyAsync(process, version, port, cancellation);
            }
            finally
            {
                await process.EndAsync();
                Log.Collect(whole: true);
            }
        }
        finally
        {
            tools.Ports.Return(port);
        }
    }

    /// <summary>Ends all that runs.</summary>
    public async Task EndAsync()
    {
        await tools.Processes.EndAllAsync(current.Id);
        Process = null;
        Log.Collect(whole: true);
    }

    /// <summary>
    /// Asks the serving process to end and waits only until its port is free: what it still answers it may end beside its successor. The
    /// inner task is done when nothing is left of it.
    /// </summary>
    public async Task<Task> LeavePortAsync()
    {
        if (Process is not { IsRunning: true } old)
        {
            await EndAsync();
            return Task.CompletedTask;
        }
        var ended = old.EndAsync();
        while (!ended.IsCompleted && !Ports.IsFree(current.Port)) await Task.WhenAny(ended, Task.Delay(2));
        return ended;
    }

    /// <summary>Starts the serving version again without waiting; the supervisor looks after its health.</summary>
    public async Task RestartAsync(string message)
    {
        await EndAsync();
        var counter = current.Counter + 1;
        var process = Launch(current.Version!, current, current.Port, counter);
        Process = process;
        await SaveAsync(current with
        {
            Counter = counter, Process = new ProcessIdentity(process.Id, process.StartTime, process.RunTag, current.Version!.Number), Restarts = current.Restarts + 1,
            Message = message, StartedAt = tools.Time.Now(),
        });
    }

    public async Task DestroyAsync()
    {
        await EndAsync();
        folder.Delete();
        tools.Ports.Return(current.Port);
        IsDestroyed = true;
        var told = current.Status != EnvironmentStatus.Creating;
        current = current with { Status = EnvironmentStatus.Destroyed, Message = null };
        if (told) await TellAsync(current.Info);
    }

    private DetachedProcess Launch(LocalVersion version, EnvironmentState next, int port, int counter)
    {
        Log.Write($"Starting {version.Commit[..Math.Min(7, version.Commit.Length)]} on port {port}: {string.Join(' ', version.Workload.Command)}");
        try
        {
            return tools.Processes.Start(next, version, folder, size, port, counter);
        }
        catch (IOException e)
        {
            throw new ProviderException(new Error(ErrorKind.Unavailable, "environment-not-started", e.Message), e);
        }
    }

    private async Task HealthyAsync(DetachedProcess process, LocalVersion version, int port, CancellationToken cancellation)
    {
        var since = Log.Last;
        string? why;
        try
        {
            why = await tools.Health.WaitAsync(process, version.Workload.Readiness ?? version.Workload.Liveness, port, tools.StartTimeout, cancellation);
        }
        catch (OperationCanceledException)
        {
            await process.EndAsync();
            throw;
        }
        if (why is null) return;
        await process.EndAsync();
        Log.Collect(whole: true);
        var tail = Log.Tail(TailLines, since);
        var end = tail.Count == 0 ? "It wrote nothing." : $"Its last lines:\n{string.Join('\n', tail)}";
        throw new ProviderException(new Error(ErrorKind.Unavailable, "environment-unhealthy",
            $"{version.Workload.Name} {version.Commit[..Math.Min(7, version.Commit.Length)]} did not become healthy: {why}. {end}"));
    }

    private async Task TellAsync(EnvironmentInfo info)
    {
        try
        {
            await tools.Events.EnvironmentChangedAsync(LocalSetup.Instance, info, CancellationToken.None);
        }
        catch (Exception e)
        {
            // Who follows reads the state again; the environment itself must not suffer.
            LogUntold(tools.Logger, info.Id, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A change of environment {Id} could not be told")]
    private static partial void LogUntold(ILogger logger, string id, Exception e);
}
