using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Core.Data;
using Portal.Core.Data.PrivateCluster;
using Portal.Web.Commands;
using Portal.Web.Governance;
using Portal.Web.Hosting.Logs;

namespace Portal.Web.Hosting;

/// <summary>Builds the portal's host, and runs it.</summary>
internal static class PortalApplication
{
    private const string ConnectionString = "ConnectionStrings:Portal";

    /// <summary>The command line's own options as settings; they come last and win.</summary>
    public static string[] Settings(string? data, int? port, IEnumerable<string> more) =>
    [
        .. more,
        .. data is null ? Array.Empty<string>() : [$"--Portal:Data={data}"],
        .. port is null ? Array.Empty<string>() : [$"--Portal:Port={port}"],
    ];

    /// <summary>A host with its database up and migrated; it does not listen yet.</summary>
    public static Task<WebApplication> BuildAsync(string[] settings, CancellationToken cancellation) =>
        BuildAsync(settings, null, cancellation);

    /// <param name="replace">Takes the place of services after all features are registered: for tests.</param>
    public static async Task<WebApplication> BuildAsync(
        string[] settings, Action<IServiceCollection>? replace, CancellationToken cancellation)
    {
        var builder = CreateBuilder(settings);
        var options = Read(builder);
        KeysSetup.RequireCertificate(builder.Configuration, builder.Environment);
        SignInRequirement.Check(builder.Configuration, builder.Environment);
        builder.WebHost.UseUrls($"http://{options.Listen}:{options.Port}");
        var isPrivate = string.IsNullOrWhiteSpace(builder.Configuration[ConnectionString]);
        var data = new DataFolder(options.Data) { IsShared = !isPrivate };
        data.Ensure();
        builder.Services.AddSingleton(data);
        var app =
            isPrivate ? await WithPrivateDatabaseAsync(builder, data, replace, cancellation) : Build(builder, replace);
        Program.MapPortal(app);
        await MigrateAsync(app.Services.GetRequiredService<DatabaseConnections>(), cancellation);
        await app.Services.PrepareKeysAsync(cancellation);
        return app;
    }

    /// <summary>PostgreSQL starts while the portal is put together.</summary>
    private static async Task<WebApplication> WithPrivateDatabaseAsync(
        WebApplicationBuilder builder, DataFolder data, Action<IServiceCollection>? replace,
        CancellationToken cancellation)
    {
        var postgres = new PrivatePostgres(new PrivatePostgresOptions { Folder = data.Postgres });
        builder.Services.AddSingleton(postgres).AddSingleton<SuperviseCluster>();
        // It outlives a portal, and is watched by one that serves.
        builder.Services.AddHostedService(services => services.GetRequiredService<SuperviseCluster>());
        var starting = Task.Run(() => postgres.EnsureRunningAsync(cancellation), cancellation);
        try
        {
            var app = Build(builder, replace);
            app.Configuration[ConnectionString] = await starting;
            return app;
        }
        finally
        {
            await ((Task)starting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static WebApplication Build(WebApplicationBuilder builder, Action<IServiceCollection>? replace)
    {
        Program.AddPortal(builder);
        replace?.Invoke(builder.Services);
        var app = builder.Build();
        return app;
    }

    /// <summary>The features' services without a database; what needs one fails when it is used.</summary>
    public static ServiceProvider BuildServices(params string[] settings)
    {
        var builder = CreateBuilder(settings);
        builder.Configuration[ConnectionString] = "Host=127.0.0.1;Port=1";
        Program.AddPortal(builder);
        return builder.Services.BuildServiceProvider();
    }

    /// <summary>Starts, says once where it is ready, and stays until it is asked to stop.</summary>
    public static async Task RunPortalAsync(this WebApplication app, CancellationToken cancellation)
    {
        // A wrong setting is one line, before anything starts and logs it its own way.
        app.Services.GetService<IStartupValidator>()?.Validate();
        using var held = app.Services.GetRequiredService<DataFolder>().Hold();
        await app.StartAsync(cancellation);
        await UntilReadyAsync(app, cancellation);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses;
#pragma warning disable RS0030 // Who started it by hand reads this.
        await Console.Out.WriteLineAsync($"Portal is ready at {addresses?.FirstOrDefault()}");
#pragma warning restore RS0030
        await app.WaitForShutdownAsync(cancellation);
    }

    internal static WebApplicationBuilder CreateBuilder(string[] settings)
    {
        const string assets = "src/Portal.Web/wwwroot";
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            // Settings are read at the start: to follow changes of the files, the framework would walk through all
            // folders below this one and watch each of them, the data of a checkout included.
            Args = [.. settings, "--hostBuilder:reloadConfigOnChange=false"],
            // In a checkout the settings lie at its root, the assets in the project.
            WebRootPath = Directory.Exists(assets) ? assets : null,
        });
        // Below every other source: what appsettings.json, the environment or the command line says wins.
        builder.Configuration.Sources.Insert(0, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource
        {
            InitialData = new Dictionary<string, string?>
            {
                ["Logging:LogLevel:Default"] = "Information",
                ["Logging:LogLevel:Microsoft"] = "Warning",
                ["Logging:LogLevel:Quartz"] = "Warning",
                // What is wrong is logged where it happens, not each time somebody asks.
                ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = "None",
                // Whether keys are wrapped the doctor says, and Production insists on it.
                ["Logging:LogLevel:Microsoft.AspNetCore.DataProtection"] = "Error",
            },
        });
        builder.AddLogLines();
        return builder;
    }

    private static async Task MigrateAsync(DatabaseConnections connections, CancellationToken cancellation)
    {
        try
        {
            await new MigrateDatabase().RunAsync(connections.Direct, cancellation);
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.InvalidPassword
            or PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InvalidCatalogName)
        {
            throw new StartupException(
                $"the database refuses the portal ({error.MessageText}): mend {ConnectionString}, or leave it empty for a private PostgreSQL",
                error);
        }
        catch (NpgsqlException error) when (error is not PostgresException)
        {
            throw new StartupException(
                $"the database cannot be reached ({error.Message}): mend {ConnectionString}, or leave it empty for a private PostgreSQL",
                error);
        }
        catch (ArgumentException error)
        {
            throw new StartupException(
                $"{ConnectionString} cannot be read: give Host=…;Database=…;Username=…;Password=…", error);
        }
    }

    private static async Task UntilReadyAsync(WebApplication app, CancellationToken cancellation)
    {
        var health = app.Services.GetRequiredService<HealthCheckService>();
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(
            cancellation, app.Lifetime.ApplicationStopping);
        while ((await health.CheckHealthAsync(Health.IsReadiness, stopping.Token)).Status == HealthStatus.Unhealthy)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, stopping.Token);
        }
    }

    /// <summary>Needed before the container is there: the private PostgreSQL lies in the data folder.</summary>
    private static PortalOptions Read(WebApplicationBuilder builder)
    {
        var options = new PortalOptions();
        builder.Configuration.GetSection(PortalOptions.Section).Bind(options);
        var result = new PortalOptionsValidator(builder.Environment).Validate(name: null, options);
        return result.Succeeded
            ? options
            : throw new OptionsValidationException(PortalOptions.Section, typeof(PortalOptions), result.Failures);
    }
}
