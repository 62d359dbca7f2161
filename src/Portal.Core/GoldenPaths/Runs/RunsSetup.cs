using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Core.Catalog.Discovery;
using Portal.Core.Costs;
using Portal.Core.Data;
using Portal.Core.Environments;
using Portal.Core.GoldenPaths.Runs.Execution;
using Portal.Core.GoldenPaths.Runs.Masking;
using Portal.Core.Replicas;
using Portal.Core.Webhooks;
using Quartz;

namespace Portal.Core.GoldenPaths.Runs;

public static class RunsSetup
{
    /// <summary>Quartz has a schema of its own in the same database.</summary>
    public const string QuartzTables = "quartz.qrtz_";

    /// <summary>Runs: starting, executing on Quartz, following, controlling.</summary>
    public static IServiceCollection AddRuns(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RunOptions>().Bind(configuration.GetSection(RunOptions.Section))
            .Validate(o => o.AtOnce is >= 1 and <= 200, $"{RunOptions.Section}:AtOnce must be 1 to 200.")
            .Validate(o => o.AtOncePerPerson is >= 1 and <= 1_000, $"{RunOptions.Section}:AtOncePerPerson must be 1 to 1000.")
            .Validate(o => o.DrainSeconds is >= 0 and <= 300, $"{RunOptions.Section}:DrainSeconds must be 0 to 300.")
            .Validate(o => o.KeepSecretsHours is >= 0 and <= 720, $"{RunOptions.Section}:KeepSecretsHours must be 0 to 720.")
            .ValidateOnStart();
        services.AddOptions<HostOptions>().Configure<IOptions<RunOptions>>((host, runs) => host.ShutdownTimeout = TimeSpan.FromSeconds(runs.Value.DrainSeconds + 10));
        services.AddReplicas(configuration);
        services.AddSingleton<SecretBox>().AddSingleton<RunRedactors>().AddSingleton<EffectRights>().AddSingleton<EffectRegistry>().AddSingleton<StartRun>().AddSingleton<WakeRun>().AddSingleton<ReadRuns>().AddSingleton<PlanChecks>();
        services.AddControls();
        services.AddExecution();
        services.AddSingleton<RunNotifications>().AddHostedService(s => s.GetRequiredService<RunNotifications>()).AddSingleton<RunFeed>();
        AddScheduler(services, configuration);
        return services;
    }

    private static void AddControls(this IServiceCollection services) => services
        .AddSingleton<ControlledRuns>().AddSingleton<CancelRun>().AddSingleton<RetryRun>().AddSingleton<UndoRun>();

    private static void AddExecution(this IServiceCollection services) => services
        .AddSingleton<TakeRun>().AddSingleton<CancelWatch>().AddSingleton<Drain>().AddHostedService(s => s.GetRequiredService<Drain>()).AddSingleton<SchedulerPulse>().AddSingleton<RunScheduler>().AddSingleton<RunExecutor>();

    private static void AddScheduler(IServiceCollection services, IConfiguration configuration)
    {
        var runs = configuration.GetSection(RunOptions.Section).Get<RunOptions>() ?? new RunOptions();
        services.AddQuartz(q =>
        {
            q.ConfigureScheduler(o =>
            {
                o.InstanceName = "portal";
                o.InstanceId = ReplicaOptions.NameFrom(configuration);
                o.IdleWaitTime = TimeSpan.FromSeconds(1);
                o.MaxBatchSize = runs.AtOnce;
            });
            q.UsePersistentStore(store =>
            {
                store.UsePostgres(NpgsqlFactory.Instance, DatabaseConnections.From(configuration).Scheduler);
                store.ConfigureStore(o =>
                {
                    o.TablePrefix = QuartzTables;
                    // A database that comes back is used again at once.
                    o.DbRetryInterval = TimeSpan.FromSeconds(1);
                });
                store.UseClustering(c =>
                {
                    c.CheckinInterval = TimeSpan.FromSeconds(1);
                    c.CheckinMisfireThreshold = TimeSpan.FromSeconds(2);
                });
            });
            q.UseDefaultThreadPool(runs.AtOnce + 2);
            q.AddEnvironmentJobs();
            q.AddCostJobs();
            q.AddWebhookJobs();
            q.AddDiscoveryJobs();
            q.AddJob<RunSweepJob>(j => j.WithIdentity("run-sweep"));
            q.AddTrigger(t => t.ForJob("run-sweep").WithIdentity("run-sweep").StartNow()
                .WithSimpleSchedule(s => s.WithInterval(TimeSpan.FromSeconds(5)).RepeatForever()));
        });
        services.AddQuartzHostedService(o => o.WaitForJobsToComplete = true);
    }
}
