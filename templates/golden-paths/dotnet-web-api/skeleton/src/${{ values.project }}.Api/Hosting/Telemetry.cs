using System.Diagnostics;
using Microsoft.AspNetCore.HttpLogging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ${{ values.project }}.Api.Hosting;

/// <summary>
/// JSON lines on standard output always; traces, metrics and logs by OTLP when OTEL_EXPORTER_OTLP_ENDPOINT is set (protobuf over HTTP
/// unless OTEL_EXPORTER_OTLP_PROTOCOL says "grpc"). ASP.NET Core itself emits the spans and durations.
/// </summary>
internal static class Telemetry
{
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders().AddJsonConsole(console => (console.UseUtcTimestamp, console.TimestampFormat) = (true, "O"));
        builder.Services.AddHttpLogging(logging =>
        {
            logging.CombineLogs = true;
            logging.LoggingFields = HttpLoggingFields.RequestMethod | HttpLoggingFields.RequestPath | HttpLoggingFields.ResponseStatusCode | HttpLoggingFields.Duration;
        });
        if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is not { Length: > 0 } endpoint
            || string.Equals(builder.Configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        var address = new Uri(endpoint);
        var protocol = builder.Configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] == "grpc" ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        var version = builder.Configuration["OTEL_SERVICE_VERSION"] ?? ServiceVersion.Version;
        // The environment's names win: they are read last.
        var sdk = OpenTelemetrySdk.Create(telemetry => telemetry
            .ConfigureResource(resource => resource
                .AddService(ServiceVersion.Name, serviceVersion: version)
                .AddAttributes([new("vcs.ref.head.revision", ServiceVersion.Commit)])
                .AddEnvironmentVariableDetector())
            .WithTracing(tracing => tracing.AddSource("Microsoft.AspNetCore", "System.Net.Http").AddProcessor(new ProbeFilter()))
            .WithMetrics(metrics => metrics.AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"))
            .WithLogging(configureBuilder: null, configureOptions: logs => logs.IncludeFormattedMessage = true)
            .UseOtlpExporter(protocol, address));

        builder.Logging.Services.AddSingleton<ILoggerProvider>(_ => new ForwardingLoggerProvider(sdk));
    }

    /// <summary>Health checks come every few seconds; a trace of each would bury the others.</summary>
    private sealed class ProbeFilter : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            if (data.GetTagItem("url.path") is "/livez" or "/readyz")
            {
                data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            }
        }
    }

    /// <summary>Hands the host's logs to the SDK, and ends the SDK with the host, so that the last records are sent.</summary>
    private sealed class ForwardingLoggerProvider(OpenTelemetrySdk sdk) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => sdk.GetLoggerFactory().CreateLogger(categoryName);

        public void Dispose() => sdk.Dispose();
    }
}
