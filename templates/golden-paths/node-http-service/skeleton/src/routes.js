import { readFileSync } from 'node:fs';
import { greet, greeting } from './greeting.js';
import { escapeHtml } from './html.js';
import { problem } from './problem.js';

/**
 * @typedef {object} Reply
 * @property {number} status
 * @property {string} body
 * @property {string} type
 *
 * @typedef {object} Route
 * @property {string} method
 * @property {string} path Segments that begin with ":" are parameters.
 * @property {boolean} [quiet] Health checks are counted but neither logged nor traced.
 * @property {(parameters: Record<string, string>) => Reply} handle
 */

const openApi = readFileSync(new URL('../openapi.yaml', import.meta.url), 'utf8');

/**
 * @param {import('./config.js').Config} config
 * @param {{ ready: boolean }} state
 * @returns {Route[]}
 */
export function createRoutes(config, state) {
  const page = landingPage(config);
  return [
    { method: 'GET', path: '/', handle: () => ({ status: 200, body: page, type: 'text/html; charset=utf-8' }) },
    { method: 'GET', path: '/openapi.yaml', handle: () => ({ status: 200, body: openApi, type: 'application/yaml; charset=utf-8' }) },
    { method: 'GET', path: '/livez', quiet: true, handle: () => json(200, { status: 'ok' }) },
    { method: 'GET', path: '/readyz', quiet: true, handle: () => (state.ready ? json(200, { status: 'ok' }) : json(503, { status: 'stopping' })) },
    { method: 'GET', path: '/api/v1/greetings/:name', handle: ({ name = '' }) => greetingFor(name) },
  ];
}

/** @param {string} name */
function greetingFor(name) {
  if (!/^[\p{L}\p{N} .'-]{1,50}$/u.test(name)) {
    return problem(400, 'That is not a name', 'A name has 1 to 50 letters, digits, spaces, dots, apostrophes or dashes.');
  }
  return json(200, { message: greet(name) });
}

/** @param {number} status @param {unknown} value @returns {Reply} */
function json(status, value) {
  return { status, body: JSON.stringify(value), type: 'application/json; charset=utf-8' };
}

/** @param {import('./config.js').Config} config */
function landingPage({ name, version, commit }) {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(name)}</title></head>
<body>
<h1>${escapeHtml(name)}</h1>
<p>${escapeHtml(greeting)} from ${escapeHtml(name)}.</p>
<p>Version ${escapeHtml(version)}, commit <code>${escapeHtml(commit.slice(0, 12))}</code>. <a href="/openapi.yaml">API description</a></p>
</body>
</html>
`;
}
