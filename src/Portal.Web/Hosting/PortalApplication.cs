using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Portal.Web.Hosting;

/// <summary>Builds the portal's host, and runs it.</summary>
internal static class PortalApplication
{
    /// <summary>The command line's own options as settings; they come last and win.</summary>
    public static string[] Settings(string? data, int? port, IEnumerable<string> more) =>
    [
        .. more,
        .. data is null ? Array.Empty<string>() : [$"--Portal:Data={data}"],
        .. port is null ? Array.Empty<string>() : [$"--Portal:Port={port}"],
    ];

    public static Task<WebApplication> BuildAsync(string[] settings, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateBuilder(settings);
        var options = Read(builder);
        builder.WebHost.UseUrls($"http://{options.Listen}:{options.Port}");
        Program.AddPortal(builder);
        var app = builder.Build();
        Program.MapPortal(app);
        return Task.FromResult(app);
    }

    /// <summary>Starts, says once where it is ready, and stays until it is asked to stop.</summary>
    public static async Task RunPortalAsync(this WebApplication app, CancellationToken cancellation)
    {
        await app.StartAsync(cancellation);
        await UntilReadyAsync(app, cancellation);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
        await Console.Out.WriteLineAsync($"Portal is ready at {address}");
        await app.WaitForShutdownAsync(cancellation);
    }

    private static async Task UntilReadyAsync(WebApplication app, CancellationToken cancellation)
    {
        var health = app.Services.GetRequiredService<HealthCheckService>();
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation, app.Lifetime.ApplicationStopping);
        while ((await health.CheckHealthAsync(Health.IsReadiness, stopping.Token)).Status != HealthStatus.Healthy)
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
        return result.Succeeded ? options : throw new OptionsValidationException(PortalOptions.Section, typeof(PortalOptions), result.Failures);
    }
}
