using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.Local.Environments;

/// <summary>
/// Keeps one environment running: starts it again when it ended (1 s, 2 s, 4 s … 1 min), asks for its health, ends what
/// takes more memory than its size has or no longer answers its liveness check.
/// </summary>
internal sealed class Supervision(SupervisedEnvironment environment)
{
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(10);

    /// <summary>So long it must have run for its earlier deaths to be forgotten.</summary>
    public static readonly TimeSpan Steady = TimeSpan.FromMinutes(2);

    /// <summary>So often in a row, then it is called unhealthy.</summary>
    public const int Patience = 3;

    private int deaths;
    private int failures;
    private bool answered;
    private DateTimeOffset? startAt;
    private DateTimeOffset nextProbe;

    /// <summary>Looks once. Called about every second; never waits for the environment.</summary>
    public async Task TickAsync(CancellationToken cancellation)
    {
        if (!await environment.Gate.WaitAsync(0, cancellation)) return;
        try
        {
            if (environment.IsDestroyed || !environment.State.ShouldRun)
            {
                (deaths, failures, startAt) = (0, 0, null);
                return;
            }
            environment.Log.Collect();
            await environment.OpenGateAsync();
            if (environment.Process is { IsRunning: true } process)
            {
                await WatchAsync(process.ResidentBytes, cancellation);
            }
            else await ReviveAsync();
        }
        finally
        {
            environment.Gate.Release();
        }
    }

    private DateTimeOffset Now => environment.Tools.Time.Now();

    private async Task ReviveAsync()
    {
        var now = Now;
        if (startAt is null)
        {
            deaths++;
            failures = 0;
            // One that died together with the portal's machine starts at once: that was no fault of its own.
            startAt = now + Pause(deaths);
            environment.Log.Write(
                $"The process ended. It is started again in {(startAt.Value - now).TotalSeconds:0} s.");
            if (deaths >= Patience)
            {
                await UnhealthyAsync($"It has ended {deaths} times in a row and is started again and again.");
            }
        }
        if (now < startAt) return;
        startAt = null;
        answered = false;
        nextProbe = now;
        try
        {
            await environment.RestartAsync(
                deaths >= Patience ? environment.State.Message! : "It ended by itself and was started again.");
        }
        catch (ProviderException e)
        {
            await UnhealthyAsync(e.Message);
        }
    }

    private async Task WatchAsync(long residentBytes, CancellationToken cancellation)
    {
        var now = Now;
        var state = environment.State;
        var limit = EnvironmentProcess.MemoryMiB(state.Version!.Workload, environment.Size);
        if (residentBytes >> 20 > limit)
        {
            await EndAsync(
                $"It used {residentBytes >> 20} MiB of {limit} MiB and was ended. Choose a larger size, or let it use "
                + "less.");
            return;
        }
        if (now < nextProbe) return;
        var workload = state.Version.Workload;
        var why = await environment.AskAsync(workload.Readiness ?? workload.Liveness, cancellation);
        nextProbe = now + (why is null ? ProbeEvery : TimeSpan.FromSeconds(1));
        if (why is null)
        {
            (failures, answered) = (0, true);
            if (now - state.StartedAt >= Steady)
            {
                deaths = 0;
                if (state is { Status: EnvironmentStatus.Running, Message: not null })
                {
                    await environment.SaveAsync(state with { Message = null });
                }
            }
            // One that keeps dying is not well just because it answers for a moment.
            if (state.Status != EnvironmentStatus.Running && (deaths < Patience || now - state.StartedAt >= ProbeEvery))
            {
                await environment.SaveAsync(state with { Status = EnvironmentStatus.Running, Message = null });
            }
            return;
        }
        // It has only just been started: it may take as long as the first time.
        if (!answered && now - state.StartedAt < environment.Tools.StartTimeout) return;
        failures++;
        if (failures < Patience) return;
        await UnhealthyAsync($"It does not answer its check: {why}.");
        if (workload.Liveness is { } liveness && failures >= 2 * Patience
            && await environment.AskAsync(liveness, cancellation) is { } dead)
        {
            await EndAsync($"It does not answer its liveness check: {dead}. It was ended.");
        }
    }

    private async Task EndAsync(string why)
    {
        environment.Log.Write(why);
        await environment.EndAsync();
        await UnhealthyAsync(why);
    }

    private async Task UnhealthyAsync(string message)
    {
        if (environment.State.Status == EnvironmentStatus.Unhealthy && environment.State.Message == message) return;
        await environment.SaveAsync(environment.State with { Status = EnvironmentStatus.Unhealthy, Message = message });
    }

    private static TimeSpan Pause(int deaths)
    {
        var seconds = Math.Pow(2, Math.Min(deaths - 1, 10));
        return seconds >= LongestPause.TotalSeconds ? LongestPause : TimeSpan.FromSeconds(seconds);
    }
}
