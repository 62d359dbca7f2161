import http from 'node:http';
import { context, metrics, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { log } from './log.js';
import { problem } from './problem.js';

/** @typedef {import('./routes.js').Route} Route */

const headers = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/**
 * The HTTP server: finds the route, answers, and records what happened by the HTTP semantic conventions.
 * @param {Route[]} routes
 */
export function createServer(routes) {
  const durations = metrics.getMeter('app').createHistogram('http.server.request.duration', {
    unit: 's', advice: { explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] },
  });

  return http.createServer((request, response) => {
    const started = performance.now();
    const method = request.method ?? 'GET';
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const { route, parameters } = find(routes, method, path);
    const template = route?.path ?? '';
    const span = route?.quiet ? undefined : trace.getTracer('app').startSpan(`${method} ${template}`.trim(), {
      kind: SpanKind.SERVER,
      attributes: { 'http.request.method': method, 'http.route': template, 'url.path': path, 'url.scheme': 'http' },
    }, propagation.extract(context.active(), request.headers));
    const scope = span ? trace.setSpan(context.active(), span) : context.active();

    response.on('close', () => context.with(scope, () => {
      const status = response.statusCode;
      durations.record((performance.now() - started) / 1000, { 'http.request.method': method, 'http.route': template, 'http.response.status_code': status });
      if (route?.quiet) return;
      log(status >= 500 ? 'ERROR' : 'INFO', `${method} ${path} ${status}`, { 'http.response.status_code': status });
      if (status >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
      span?.setAttribute('http.response.status_code', status).end();
    }));

    const reply = context.with(scope, () => answer(routes, route, parameters, path));
    const allow = reply.status === 405 ? { Allow: allowed(routes, path).join(', ') } : {};
    response.writeHead(reply.status, { ...headers, ...allow, 'Content-Type': reply.type, 'Content-Length': Buffer.byteLength(reply.body) });
    response.end(method === 'HEAD' ? undefined : reply.body);
  });
}

/** @param {Route[]} routes @param {Route | undefined} route @param {Record<string, string>} parameters @param {string} path */
function answer(routes, route, parameters, path) {
  try {
    if (route) return route.handle(parameters);
    return allowed(routes, path).length > 0
      ? problem(405, 'This address does not take that method')
      : problem(404, 'There is nothing at this address');
  } catch (error) {
    // The client learns that it failed; the log tells why.
    log('ERROR', 'A request failed', { 'exception.stacktrace': error instanceof Error ? String(error.stack) : String(error) });
    return problem(500, 'Something went wrong here');
  }
}

/** @param {Route[]} routes @param {string} method @param {string} path */
function find(routes, method, path) {
  for (const route of routes) {
    if (route.method !== method && !(method === 'HEAD' && route.method === 'GET')) continue;
    const parameters = match(route.path, path);
    if (parameters) return { route, parameters };
  }
  return { route: undefined, parameters: {} };
}

/** @param {Route[]} routes @param {string} path */
function allowed(routes, path) {
  const methods = routes.filter((route) => match(route.path, path)).map((route) => route.method);
  return methods.includes('GET') ? [...methods, 'HEAD'] : methods;
}

/** @param {string} template @param {string} path @returns {Record<string, string> | undefined} */
function match(template, path) {
  const wanted = template.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  /** @type {Record<string, string>} */
  const parameters = {};
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? '';
    if (segment.startsWith(':')) {
      const decoded = decode(value);
      if (!decoded) return undefined;
      parameters[segment.slice(1)] = decoded;
    } else if (segment !== value) return undefined;
  }
  return parameters;
}

/** @param {string} value */
function decode(value) {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}
