using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Core.Data;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Quartz;

namespace Portal.Core.Catalog.Discovery;

/// <summary>Looks through everything, now and then and when somebody asks.</summary>
[DisallowConcurrentExecution]
internal sealed class DiscoverJob(
    DiscoverRepositories discover, IHostApplicationLifetime lifetime, ILogger<DiscoverJob> log) : IJob
{
    internal static readonly JobKey Key = new("discover-repositories");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await DiscoveryJobs.RunAsync(discover.ExecuteAsync, lifetime, log, cancellationToken);
}

/// <summary>Reads one repository after a push to it. What fails is done by the next look through everything.</summary>
[DisallowConcurrentExecution]
internal sealed class ReadRepositoryJob(
    DiscoverRepositories discover, IHostApplicationLifetime lifetime, ILogger<ReadRepositoryJob> log) : IJob
{
    internal static readonly JobKey Key = new("read-repository");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        // instance/organisation/name: an instance's name holds no slash.
        if (context.MergedJobDataMap.GetString(Waking.WhatKey)?.Split('/', 2) is not [var instance, var text]
            || !RepositoryName.TryParse(text, out var repository)) return;
        await DiscoveryJobs.RunAsync(
            token => discover.ReadAsync(instance, repository.Value, token), lifetime, log, cancellationToken);
    }
}

internal static class DiscoveryJobs
{
    /// <summary>
    /// Often enough where no webhook tells of pushes, and cheap for a host that is asked what has changed.
    /// </summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(15);

    public static void AddDiscoveryJobs(this IQuartzBuilder quartz)
    {
        quartz.AddJob<ReadRepositoryJob>(j => j.WithIdentity(ReadRepositoryJob.Key).StoreDurably());
        quartz.AddSweep<DiscoverJob>(DiscoverJob.Key, Interval);
    }

    public static async Task RunAsync(
        Func<CancellationToken, Task> work, IHostApplicationLifetime lifetime, ILogger log,
        CancellationToken cancellation)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(
            cancellation, lifetime.ApplicationStopping);
        try
        {
            await work(stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The next one begins anew.
        }
        catch (Exception e) when (e is ProviderException || DatabaseTrouble.Is(e))
        {
            log.LogWarning("Repositories were not read: {Message}", e.Message);
        }
    }
}
