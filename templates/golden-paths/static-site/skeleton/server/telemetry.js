// Logs as JSON lines on standard output and, when OTEL_EXPORTER_OTLP_ENDPOINT is set, traces, metrics and logs by OTLP over HTTP (JSON).
// The whole protocol that a static site needs fits here, so the site has no dependencies. https://opentelemetry.io/docs/specs/otlp/
import { randomBytes } from 'node:crypto';

const bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]; // the HTTP conventions' buckets, seconds
const severities = { INFO: 9, WARN: 13, ERROR: 17 };
const limit = 2_000; // records kept per signal while the collector cannot be reached

/** `send` replaces the network in tests. */
export function startTelemetry(build, environment = process.env, send = post) {
  const endpoint = environment.OTEL_SDK_DISABLED === 'true' ? undefined : environment.OTEL_EXPORTER_OTLP_ENDPOINT?.replace(/\/$/, '');
  const resource = { attributes: resourceAttributes(build, environment) };
  const scope = { name: build.name, version: build.version };
  const histograms = new Map();
  const startedAt = nanoseconds(Date.now());
  let spans = [];
  let records = [];
  let complained = false;

  function log(severity, message, attributes = {}) {
    console.log(JSON.stringify({ time: new Date().toISOString(), severity, message, ...attributes }));
    if (!endpoint || records.length >= limit) return;
    const time = nanoseconds(Date.now());
    records.push({
      timeUnixNano: time, observedTimeUnixNano: time, severityText: severity, severityNumber: severities[severity],
      body: { stringValue: message }, attributes: keyValues(attributes),
    });
  }

  function recordRequest({ method, address, status, seconds }) {
    const probe = address === '/livez' || address === '/readyz';
    if (!probe) log(status >= 500 ? 'ERROR' : 'INFO', `${method} ${address} ${status}`, { 'http.response.status_code': status });
    if (!endpoint) return;

    const key = `${method} ${status}`;
    const histogram = histograms.get(key) ?? { method, status, count: 0, sum: 0, buckets: new Array(bounds.length + 1).fill(0) };
    histogram.count += 1;
    histogram.sum += seconds;
    const bucket = bounds.findIndex((bound) => seconds <= bound);
    histogram.buckets[bucket < 0 ? bounds.length : bucket] += 1;
    histograms.set(key, histogram);

    if (probe || spans.length >= limit) return;
    const end = Date.now();
    spans.push({
      traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex'), name: method, kind: 2,
      startTimeUnixNano: nanoseconds(end - seconds * 1000), endTimeUnixNano: nanoseconds(end), status: status >= 500 ? { code: 2 } : {},
      attributes: keyValues({ 'http.request.method': method, 'url.path': address, 'url.scheme': 'http', 'http.response.status_code': status }),
    });
  }

  async function flush() {
    if (!endpoint) return;
    const sending = [];
    if (spans.length > 0) sending.push(['traces', { resourceSpans: [{ resource, scopeSpans: [{ scope, spans }] }] }]);
    if (records.length > 0) sending.push(['logs', { resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: records }] }] }]);
    if (histograms.size > 0) sending.push(['metrics', { resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics: [durations(histograms, startedAt)] }] }] }]);
    spans = [];
    records = [];
    const results = await Promise.allSettled(sending.map(([signal, body]) => send(`${endpoint}/v1/${signal}`, body)));
    const failed = results.find((result) => result.status === 'rejected');
    // Said once, not each time: a collector that is away must not fill the log.
    if (failed && !complained) console.error(JSON.stringify({ time: new Date().toISOString(), severity: 'WARN', message: `Telemetry cannot be sent: ${failed.reason.message}` }));
    complained = Boolean(failed);
  }

  const timer = endpoint ? setInterval(flush, 5_000).unref() : undefined;
  return { log, recordRequest, flush, stop: () => (clearInterval(timer), flush()) };
}

function durations(histograms, startedAt) {
  const now = nanoseconds(Date.now());
  const dataPoints = [...histograms.values()].map(({ method, status, count, sum, buckets }) => ({
    startTimeUnixNano: startedAt, timeUnixNano: now, count: String(count), sum, bucketCounts: buckets.map(String), explicitBounds: bounds,
    attributes: keyValues({ 'http.request.method': method, 'http.response.status_code': status, 'url.scheme': 'http' }),
  }));
  return { name: 'http.server.request.duration', unit: 's', histogram: { aggregationTemporality: 2, dataPoints } };
}

function resourceAttributes(build, environment) {
  const given = Object.fromEntries((environment.OTEL_RESOURCE_ATTRIBUTES ?? '').split(',')
    .map((pair) => pair.split('=')).filter(([key, value]) => key && value).map(([key, value]) => [key.trim(), decode(value.trim())]));
  return keyValues({
    'service.version': environment.OTEL_SERVICE_VERSION ?? build.version, 'vcs.ref.head.revision': build.commit, ...given,
    'service.name': environment.OTEL_SERVICE_NAME ?? given['service.name'] ?? build.name,
  });
}

function decode(value) {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function keyValues(values) {
  return Object.entries(values).map(([key, value]) => ({ key, value: Number.isInteger(value) ? { intValue: String(value) } : { stringValue: String(value) } }));
}

function nanoseconds(milliseconds) {
  return (BigInt(Math.round(milliseconds * 1000)) * 1000n).toString();
}

async function post(url, body) {
  const response = await fetch(url, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body), signal: AbortSignal.timeout(3_000),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
}
