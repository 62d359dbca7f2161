import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { readConfig } from '../src/config.js';
import { greeting } from '../src/greeting.js';
import { escapeHtml } from '../src/html.js';
import { createRoutes } from '../src/routes.js';
import { createServer } from '../src/server.js';

const state = { ready: true };
const config = readConfig({ PORT: '0', GIT_COMMIT: '0123456789abcdef' });
const routes = createRoutes(config, state);
const broken = { method: 'GET', path: '/broken', handle: () => { throw new Error('a secret'); } };
const server = createServer([...routes, broken]);
let origin = '';

before(async () => {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

test('the landing page shows name, version and commit', async () => {
  const response = await fetch(origin);
  const page = await response.text();
  assert.equal(response.status, 200);
  for (const text of [escapeHtml(greeting), config.name, config.version, '0123456789ab']) assert.ok(page.includes(text), `${text} is missing`);
  assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'none'/);
});

test('a greeting names who asked', async () => {
  const response = await fetch(`${origin}/api/v1/greetings/Ada%20L.`);
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), { message: `${greeting}, Ada L..` });
});

for (const name of ['%3Cscript%3E', 'x'.repeat(51)]) {
  test(`${name.slice(0, 20)} is refused as a name`, async () => {
    const response = await fetch(`${origin}/api/v1/greetings/${name}`);
    assert.equal(response.status, 400);
    assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/);
    assert.match(JSON.parse(await response.text()).detail, /1 to 50 letters/);
  });
}

test('unknown addresses and methods are told apart', async () => {
  assert.equal((await fetch(`${origin}/nothing`)).status, 404);
  assert.equal((await fetch(`${origin}/api/v1/greetings/%ff`)).status, 404);
  const response = await fetch(`${origin}/livez`, { method: 'DELETE' });
  assert.equal(response.status, 405);
  assert.equal(response.headers.get('allow'), 'GET, HEAD');
});

test('a failure answers 500 and gives nothing away', async () => {
  const response = await fetch(`${origin}/broken`);
  assert.equal(response.status, 500);
  assert.doesNotMatch(await response.text(), /secret/);
});

test('HEAD has the headers of GET and no body', async () => {
  const response = await fetch(origin, { method: 'HEAD' });
  assert.equal(response.status, 200);
  assert.notEqual(response.headers.get('content-length'), '0');
  assert.equal(await response.text(), '');
});

test('the health checks tell alive from ready', async () => {
  assert.equal((await fetch(`${origin}/readyz`)).status, 200);
  state.ready = false;
  try {
    assert.equal((await fetch(`${origin}/readyz`)).status, 503);
    assert.equal((await fetch(`${origin}/livez`)).status, 200);
  } finally {
    state.ready = true;
  }
});

test('every address of the API is described, and no other', () => {
  const description = readFileSync(new URL('../openapi.yaml', import.meta.url), 'utf8');
  const described = [...description.matchAll(/^ {2}(\/\S+):$/gm)].map(([, path]) => path).sort();
  const served = routes.filter(({ path }) => path.startsWith('/api/')).map(({ path }) => path.replace(/:(\w+)/g, '{$1}')).sort();
  assert.deepEqual(served, described);
});
