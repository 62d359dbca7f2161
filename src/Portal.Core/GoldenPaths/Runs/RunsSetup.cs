using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Core.Data;
using Portal.Core.Environments;
using Portal.Core.GoldenPaths.Runs.Execution;
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
            .Validate(o => o.AtOnce is >= 1 and <= 200, $"{RunOptions.Section}:AtOnce must be 1 to 200.").ValidateOnStart();
        services.AddSingleton<SecretBox>().AddSingleton<RunExecutor>().AddSingleton<RunScheduler>().AddSingleton<StartRun>().AddSingleton<ControlRun>()
            .AddSingleton<EffectRegistry>().AddSingleton<UndoRun>().AddSingleton<ReadRuns>().AddSingleton<PlanChecks>();
        services.AddSingleton<RunFeed>().AddHostedService(s => s.GetRequiredService<RunFeed>());
        AddScheduler(services, configuration);
        return services;
    }

    private static void AddScheduler(IServiceCollection services, IConfiguration configuration)
    {
        var runs = configuration.GetSection(RunOptions.Section).Get<RunOptions>() ?? new RunOptions();
        services.AddQuartz(q =>
        {
            q.ConfigureScheduler(o =>
            {
                o.InstanceName = "portal";
                o.InstanceId = runs.Replica;
                o.IdleWaitTime = TimeSpan.FromSeconds(1);
                o.MaxBatchSize = runs.AtOnce;
            });
            q.UsePersistentStore(store =>
            {
                store.UsePostgres(NpgsqlFactory.Instance, DatabaseConnections.From(configuration).Scheduler);
                store.ConfigureStore(o => o.TablePrefix = QuartzTables);
                store.UseClustering(c =>
                {
                    c.CheckinInterval = TimeSpan.FromSeconds(1);
                    c.CheckinMisfireThreshold = TimeSpan.FromSeconds(2);
                });
            });
            q.UseDefaultThreadPool(runs.AtOnce + 2);
            q.AddEnvironmentJobs();
            q.AddJob<RunSweepJob>(j => j.WithIdentity("run-sweep"));
            q.AddTrigger(t => t.ForJob("run-sweep").WithIdentity("run-sweep").StartNow()
                .WithSimpleSchedule(s => s.WithInterval(TimeSpan.FromSeconds(10)).RepeatForever()));
        });
        services.AddQuartzHostedService(o => o.WaitForJobsToComplete = true);
    }
}
