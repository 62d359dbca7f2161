using Microsoft.Extensions.Options;
using Portal.Core.Providers;
using Portal.Providers;
using Portal.Web.Governance;

namespace Portal.Web.Hosting;

/// <summary>Registration of what every feature stands on: options, time, health, host filter.</summary>
internal static class HostingSetup
{
    public static void AddHosting(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IValidateOptions<PortalOptions>, PortalOptionsValidator>();
        builder.Services.AddOptions<PortalOptions>().BindConfiguration(PortalOptions.Section).ValidateOnStart();
        builder.Services.AddOptions<DiskOptions>().BindConfiguration(DiskOptions.Section)
            .Validate(
                o => o is { FullMiB: >= 0 and <= 1_048_576, LowMiB: >= 0 and <= 1_048_576 },
                $"{DiskOptions.Section}:FullMiB and LowMiB must be 0 to 1048576.").ValidateOnStart();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IPortalAddress, PortalAddress>();
        builder.Services.AddHealthChecks().AddCheck<DatabaseCheck>("database", tags: [Health.ReadyTag])
            .AddCheck<ExecutionCheck>("execution", tags: [Health.ReadyTag])
            .AddCheck<DiskCheck>("disk", tags: [Health.ReadyTag])
            .AddCheck<ClockCheck>("clock", tags: [Health.ReadyTag]).AddCheck<LivenessCheck>(
                "alive", tags: [Health.LiveTag]);
        // Assets of a build that was not published are found in every environment (tests, `portal up`).
        builder.WebHost.UseStaticWebAssets();
        // Development would serve them uncompressed, to follow edits; a build follows them too.
        builder.Configuration["ReloadStaticAssetsAtRuntime"] ??= "false";
    }

    public static void UseHosting(this WebApplication app)
    {
        app.UseMiddleware<RequestFailures>();
        app.UseMiddleware<HostFilter>();
        app.UseStatusCodePages();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseOrigins();
    }
}
