using Microsoft.Extensions.Logging;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Local.Processes;

namespace Portal.Providers.Local.Environments;

/// <summary>What every environment needs of the outside.</summary>
internal sealed record EnvironmentTools(
    EnvironmentProcess Processes, HealthCheck Health, Ports Ports, IProviderEvents Events, TimeProvider Time,
    TimeSpan StartTimeout, ILogger Logger);

/// <summary>
/// One environment: its state, its process, and the changes to both. The caller holds <see cref="Gate"/> during each
/// change, so that the supervisor and people do not get into each other's way.
/// </summary>
internal sealed partial class SupervisedEnvironment(
    EnvironmentTools tools, EnvironmentFolder folder, EnvironmentSize size, EnvironmentState state)
{
    private const int TailLines = 20;

    /// <summary>How many are tried in the place of one that another program took after it was found free.</summary>
    private const int OtherPorts = 5;

    private volatile EnvironmentState current = state;

    public SemaphoreSlim Gate { get; } = new(1, 1);

    public EnvironmentFolder Folder => folder;

    public EnvironmentLog Log { get; } = new(folder, tools.Time);

    public EnvironmentState State => current;

    public EnvironmentSize Size => size;

    public EnvironmentTools Tools => tools;

    /// <summary>The living process; null when there is none.</summary>
    public DetachedProcess? Process { get; private set; }

    /// <summary>What serves the address; null while it is stopped.</summary>
    public DetachedProcess? AddressRelay { get; private set; }

    public EnvironmentDoor Door { get; } = new(folder, tools.Processes.User);

    public bool IsDestroyed { get; private set; }

    /// <summary>
    /// After a start of the portal: takes the process back if it is still there and what should run. Everything else is
    /// ended; the supervisor starts what is missing.
    /// </summary>
    public async Task AdoptAsync()
    {
        if (current.ShouldRun && current.Process is { } known && known.Version == current.Version?.Number)
        {
            Process = tools.Processes.Adopt(known);
        }
        if (Process is null)
        {
            await EndAsync();
        }
        else
        {
            // Its portal may have ended before the address led to it, or with a successor half started.
            if (Door.Take(current.Process!.Start)) Door.Open(current.Process.Start);
            await tools.Processes.EndOthersAsync(current.Id, Process.RunTag);
        }

        if (!current.ShouldRun) await tools.Processes.CloseGateAsync(current.Id);
    }

    /// <summary>Writes the state down, then tells.</summary>
    public async Task SaveAsync(EnvironmentState next)
    {
        var told = next.Info != current.Info;
        folder.WriteState(next);
        current = next;
        if (told) await TellAsync(next.Info);
    }

    /// <summary>
    /// Starts the version and waits until it is healthy; only then the address leads to it, and what served before is
    /// asked to end. Otherwise nothing of it is left, what served goes on serving, and it throws.
    /// </summary>
    /// <returns>Done when nothing is left of what served before: it may still have answers to end.</returns>
    public async Task<Task> StartAsync(LocalVersion version, CancellationToken cancellation)
    {
        var (before, old) = (current.Process, Process);
        var start = current.Counter + 1;
        await SaveAsync(current with { Counter = start });
        await OpenGateAsync();
        var (process, identity) = await LaunchAsync(version, start);
        try
        {
            await HealthyAsync(process, identity, version, cancellation);
        }
        catch
        {
            tools.Processes.Release(identity);
            throw;
        }

        // First what is wanted, then the deed: a portal that dies in between opens the door at its next start.
        Process = process;
        await SaveAsync(
            current with
            {
                Process = identity, Status = EnvironmentStatus.Running, Version = version, StartedAt = tools.Time.Now(),
                Message = null,
            });
        Door.Open(start);
        tools.Processes.Release(before);
        return old is null ? Task.CompletedTask : old.EndAsync();
    }

    /// <summary>
    /// Sees to it that the address is served. While the environment is being made nobody knows its address yet: it may
    /// be another.
    /// </summary>
    public async Task OpenGateAsync()
    {
        for (var others = OtherPorts; AddressRelay is not { IsRunning: true }; others--)
        {
            try
            {
                AddressRelay = await tools.Processes.OpenGateAsync(current, folder);
            }
            catch (ProviderException refused) when (
                refused.Error.Code == EnvironmentProcess.PortTaken && current.Status == EnvironmentStatus.Creating
                && others > 0)
            {
                var taken = current.Port;
                current = current with { Port = tools.Ports.Take() };
                folder.WriteState(current);
                tools.Ports.Return(taken);
            }
        }
    }

    /// <summary>Ends all that runs.</summary>
    public async Task EndAsync()
    {
        await tools.Processes.EndAllAsync(current.Id);
        tools.Processes.Release(current.Process);
        Process = null;
        Log.Collect(whole: true);
    }

    /// <summary>From now on the address answers nobody.</summary>
    public async Task CloseGateAsync()
    {
        await tools.Processes.CloseGateAsync(current.Id);
        AddressRelay = null;
    }

    /// <summary>Starts the serving version again without waiting; the supervisor looks after its health.</summary>
    public async Task RestartAsync(string message)
    {
        await EndAsync();
        await OpenGateAsync();
        var start = current.Counter + 1;
        await SaveAsync(current with { Counter = start });
        var (process, identity) = await LaunchAsync(current.Version!, start);
        Process = process;
        await SaveAsync(
            current with
            {
                Process = identity, Restarts = current.Restarts + 1, Message = message, StartedAt = tools.Time.Now(),
            });
        // Nothing else serves: the address leads to it as soon as it listens.
        if (await Door.AppearsAsync(start, process)) Door.Open(start);
    }

    /// <summary>Null when it is healthy; otherwise why not.</summary>
    public async Task<string?> AskAsync(ScoreProbe? probe, CancellationToken cancellation)
    {
        if (Process is null || current.Process is not { } identity) return "its process ended";
        return await tools.Health.AskAsync(Process, identity, probe, Door, cancellation);
    }

    public async Task DestroyAsync()
    {
        await EndAsync();
        await CloseGateAsync();
        folder.Delete();
        tools.Ports.Return(current.Port);
        IsDestroyed = true;
        var told = current.Status != EnvironmentStatus.Creating;
        current = current with { Status = EnvironmentStatus.Destroyed, Message = null };
        if (told) await TellAsync(current.Info);
    }

    private async Task<(DetachedProcess Process, ProcessIdentity Identity)> LaunchAsync(LocalVersion version, int start)
    {
        Log.Write($"Starting {version.Commit[..Math.Min(7, version.Commit.Length)]}: "
            + $"{string.Join(' ', version.Workload.Command)}");
        try
        {
            return await tools.Processes.StartAsync(current, version, folder, Door, size, start);
        }
        catch (IOException e)
        {
            throw new ProviderException(new Error(ErrorKind.Unavailable, "environment-not-started", e.Message), e);
        }
    }

    private async Task HealthyAsync(
        DetachedProcess process, ProcessIdentity identity, LocalVersion version, CancellationToken cancellation)
    {
        var since = Log.Last;
        string? why;
        try
        {
            why = await tools.Health.WaitAsync(
                process, identity, version.Workload.Readiness ?? version.Workload.Liveness, Door, tools.StartTimeout,
                cancellation);
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
            $"{version.Workload.Name} {version.Commit[..Math.Min(7, version.Commit.Length)]} did not become healthy: "
                + $"{why}. {end}"));
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
