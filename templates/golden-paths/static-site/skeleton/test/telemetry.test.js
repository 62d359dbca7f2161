import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTelemetry } from '../server/telemetry.js';

const build = { name: 'site', version: '1.2.3', commit: 'abc' };
const request = { method: 'GET', address: '/', status: 200, seconds: 0.02 };

test('requests become a trace, a log record and a duration, with the service name and version', async () => {
  const sent = new Map();
  const telemetry = startTelemetry(build, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/', OTEL_RESOURCE_ATTRIBUTES: 'team=a%20b' }, async (url, body) => sent.set(url, body));
  telemetry.recordRequest(request);
  await telemetry.stop();

  assert.deepEqual([...sent.keys()].sort(), ['logs', 'metrics', 'traces'].map((signal) => `http://collector:4318/v1/${signal}`));
  const { resource, scopeSpans } = sent.get('http://collector:4318/v1/traces').resourceSpans[0];
  const attributes = Object.fromEntries(resource.attributes.map(({ key, value }) => [key, value.stringValue]));
  assert.equal(attributes['service.name'], 'site');
  assert.equal(attributes['service.version'], '1.2.3');
  assert.equal(attributes.team, 'a b');
  assert.equal(scopeSpans[0].spans[0].name, 'GET');
  const point = sent.get('http://collector:4318/v1/metrics').resourceMetrics[0].scopeMetrics[0].metrics[0].histogram.dataPoints[0];
  assert.equal(point.bucketCounts[2], '1');
});

test('without an endpoint nothing is sent', async () => {
  const telemetry = startTelemetry(build, {}, () => assert.fail('sent'));
  telemetry.recordRequest(request);
  await telemetry.stop();
});

test('a collector that is away disturbs nothing', async () => {
  const telemetry = startTelemetry(build, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector' }, () => Promise.reject(new Error('away')));
  telemetry.recordRequest(request);
  await telemetry.stop();
});
