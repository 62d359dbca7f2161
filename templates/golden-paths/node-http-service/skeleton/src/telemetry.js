import { logs } from '@opentelemetry/api-logs';
import { metrics } from '@opentelemetry/api';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

/**
 * Sends traces, metrics and logs to OTEL_EXPORTER_OTLP_ENDPOINT (protobuf over HTTP). Without it, everything stays a no-op.
 * @param {import('./config.js').Config} config
 * @param {NodeJS.ProcessEnv} environment
 * @returns {() => Promise<void>} Sends what is left, then ends.
 */
export function startTelemetry(config, environment) {
  if (!environment.OTEL_EXPORTER_OTLP_ENDPOINT || environment.OTEL_SDK_DISABLED === 'true') return async () => {};

  // Later ones win: what the environment says about the service is truer than what the package says.
  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.name': config.name, 'service.version': environment.OTEL_SERVICE_VERSION ?? config.version, 'vcs.ref.head.revision': config.commit }))
    .merge(detectResources({ detectors: [envDetector] }));

  const tracing = new NodeTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] });
  tracing.register();
  const metering = new MeterProvider({ resource, readers: [new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter(), exportIntervalMillis: 15_000 })] });
  metrics.setGlobalMeterProvider(metering);
  const logging = new LoggerProvider({ resource, processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter() })] });
  logs.setGlobalLoggerProvider(logging);

  return async () => {
    // A collector that is away must not hold up the end of the process.
    const deadline = new Promise((resolve) => setTimeout(resolve, 3_000).unref());
    await Promise.race([Promise.allSettled([tracing.shutdown(), metering.shutdown(), logging.shutdown()]), deadline]);
  };
}
