using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Core.Data;
using Portal.Core.Replicas;
using Portal.Core.Runs.Actions;
using Portal.Core.Runs.Execution;
using Portal.Core.Runs.Masking;
using Portal.Core.Runs.Waiting;
using Quartz;

namespace Portal.Core.Runs;

public static class RunsSetup
{
    /// <summary>Quartz has a schema of its own in the same database.</summary>
    public const string QuartzTables = "quartz.qrtz_";

    /// <summary>Runs: starting, executing on Quartz, following, controlling.</summary>
    public static IServiceCollection AddRuns(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RunOptions>().Bind(configuration.GetSection(RunOptions.Section))
            .Validate(o => o.AtOnce is >= 1 and <= 200, $"{RunOptions.Section}:AtOnce must be 1 to 200.")
            .Validate(
                o => o.AtOncePerPerson is >= 1 and <= 1_000, $"{RunOptions.Section}:AtOncePerPerson must be 1 to 1000.")
            .Validate(o => o.DrainSeconds is >= 0 and <= 300, $"{RunOptions.Section}:DrainSeconds must be 0 to 300.")
            .Validate(
                o => o.KeepSecretsHours is >= 0 and <= 720, $"{RunOptions.Section}:KeepSecretsHours must be 0 to 720.")
            .ValidateOnStart();
        services.AddOptions<HostOptions>().Configure<IOptions<RunOptions>>(
            (host, runs) => host.ShutdownTimeout = TimeSpan.FromSeconds(runs.Value.DrainSeconds + 10));
        services.AddReplicas(configuration);
        services.AddRunPlanning();
        services.AddSingleton<SecretBox>().AddSingleton<RunRedactors>().AddSingleton<EffectRights>()
            .AddSingleton<StartRun>().AddSingleton<WakeRun>().AddSingleton<ReadRuns>().AddSingleton<FreeNames>()
            .AddSingleton<ReadRunPlan>();
        services.AddControls();
        services.AddExecution();
        services.AddSingleton<RunListener>().AddHostedService(s => s.GetRequiredService<RunListener>())
            .AddSingleton<RunFeed>();
        AddScheduler(services, configuration);
        return services;
    }

    /// <summary>The engine as far as a plan needs it, without a database. Again does nothing.</summary>
    public static IServiceCollection AddRunPlanning(this IServiceCollection services)
    {
        if (services.Any(s => s.ServiceType == typeof(StepWalk))) return services;
        services.AddOptions<StepEnvironmentOptions>().BindConfiguration(StepEnvironmentOptions.Section)
            .Validate(
                o => o.SecretSources.TrueForAll(s => s.Source.Length > 0),
                $"{StepEnvironmentOptions.Section}:SecretSources: each needs a Source, a folder of templates.")
            .Validate(
                o => o.SecretSources.TrueForAll(s => s.Names.TrueForAll(o.EnvironmentSecrets.ContainsKey)),
                $"{StepEnvironmentOptions.Section}:SecretSources: each of the Names must be one of {StepEnvironmentOptions.Section}:EnvironmentSecrets.")
            .ValidateOnStart();
        services.AddSingleton<IAction, WaitForApproval>().AddSingleton<IAction, WaitForEvent>()
            .AddSingleton<IAction, WaitUntil>();
        return services.AddSingleton<ActionRegistry>().AddSingleton<EffectRegistry>().AddSingleton<StepWalk>()
            .AddSingleton<PlanRun>().AddSingleton<TemplateTrees>();
    }

    /// <summary>Makes an effect known to actions by its type, and to the journal by its kind and version.</summary>
    public static IServiceCollection AddEffect<TEffect, TArgs, TResult>(this IServiceCollection services)
        where TEffect : class, IEffect<TArgs, TResult> where TResult : class =>
        services.AddSingleton<TEffect>().AddSingleton(s => RegisteredEffect.Of(s.GetRequiredService<TEffect>()));

    private static void AddControls(this IServiceCollection services) => services
        .AddSingleton<ControlledRuns>().AddSingleton<CancelRun>().AddSingleton<RetryRun>().AddSingleton<UndoRun>()
        .AddSingleton<PortalRuns>();

    private static void AddExecution(this IServiceCollection services) => services
        .AddSingleton<TakeRun>().AddSingleton<RunAttempts>().AddSingleton<WalkInputs>().AddSingleton<ForwardAttempt>()
        .AddSingleton<UndoWalk>().AddSingleton<UndoAttempt>().AddSingleton<CancelWatch>().AddSingleton<RunExecutor>()
        .AddSingleton<Drain>().AddHostedService(s => s.GetRequiredService<Drain>())
        .AddSingleton<SchedulerPulse>().AddSingleton<RunScheduler>();

    private static void AddScheduler(IServiceCollection services, IConfiguration configuration)
    {
        var runs = configuration.GetSection(RunOptions.Section).Get<RunOptions>() ?? new RunOptions();
        services.AddQuartz(q =>
        {
            q.UseTypeLoader(MovedJobs.Map);
            q.ConfigureScheduler(o =>
            {
                o.InstanceName = "portal";
                o.InstanceId = ReplicaOptions.NameFrom(configuration);
                o.IdleWaitTime = TimeSpan.FromSeconds(1);
                o.MaxBatchSize = runs.AtOnce;
            });
            q.UsePersistentStore(store =>
            {
                store.UsePostgres(o => o.DataSourceFactory =
                    s => NpgsqlDataSource.Create(s.GetRequiredService<DatabaseConnections>().Scheduler));
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
            q.AddJob<RunSweepJob>(j => j.WithIdentity("run-sweep"));
            q.AddTrigger(t => t.ForJob("run-sweep").WithIdentity("run-sweep").StartNow()
                .WithSimpleSchedule(s => s.WithInterval(TimeSpan.FromSeconds(5)).RepeatForever()));
        });
        services.AddOptions<QuartzHostedServiceOptions>().Configure(o => o.WaitForJobsToComplete = true);
        services.AddSingleton<QuartzHostedService>().AddHostedService<StartScheduler>();
    }
}
