using System.Reflection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Portal.Core.Replicas;
using Portal.Core.Runs.Execution;

namespace Portal.Web.Hosting;

/// <summary>
/// Metrics and traces over OTLP, steered by OpenTelemetry's standard variables alone
/// (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, <c>OTEL_EXPORTER_OTLP_PROTOCOL</c>, <c>OTEL_METRIC_EXPORT_INTERVAL</c>,
/// <c>OTEL_TRACES_SAMPLER</c> …). Without an endpoint nothing is registered: instruments that nobody listens to cost a
/// comparison each.
/// </summary>
internal static class TelemetrySetup
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string MetricsEndpoint = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
    private const string TracesEndpoint = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
    private const string Disabled = "OTEL_SDK_DISABLED";

    /// <summary>Meters beside those of the instrumentation packages.</summary>
    private static readonly string[] Meters =
    [
        RunTelemetry.Name, "Portal.Providers", "Npgsql", "Quartz", "Microsoft.AspNetCore.Components",
        "Microsoft.AspNetCore.Components.Server.Circuits"
    ];

    private static readonly string[] Sources = [RunTelemetry.Name, "Portal.Providers", "Npgsql", "Quartz"];

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        if (string.Equals(configuration[Disabled], "true", StringComparison.OrdinalIgnoreCase)) return;

        var all = IsSet(configuration, Endpoint);
        var metrics = all || IsSet(configuration, MetricsEndpoint);
        var traces = all || IsSet(configuration, TracesEndpoint);
        if (!metrics && !traces) return;

        var telemetry =
            builder.Services.AddOpenTelemetry().ConfigureResource(resource => Describe(resource, configuration));
        if (metrics)
        {
            telemetry.WithMetrics(m => m.AddMeter(Meters).AddAspNetCoreInstrumentation().AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation().AddOtlpExporter());
        }

        if (traces)
        {
            telemetry.WithTracing(t => t.AddSource(Sources)
                .AddAspNetCoreInstrumentation(
                    o => o.Filter = context => !context.Request.Path.StartsWithSegments(Health.Root))
                .AddHttpClientInstrumentation()
                .AddOtlpExporter());
        }
    }

    private static void Describe(ResourceBuilder resource, IConfiguration configuration)
    {
        var version = typeof(TelemetrySetup).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        resource.AddService(
            "portal", serviceVersion: version, autoGenerateServiceInstanceId: false,
            serviceInstanceId: ReplicaOptions.NameFrom(configuration))
            // Last, so that OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES have the last word.
            .AddEnvironmentVariableDetector();
    }

    private static bool IsSet(IConfiguration configuration, string variable) =>
        !string.IsNullOrWhiteSpace(configuration[variable]);
}
