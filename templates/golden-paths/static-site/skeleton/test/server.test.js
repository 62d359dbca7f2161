import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { build } from '../scripts/build.js';
import { createServer, indexSite } from '../server/server.js';

const state = { ready: true };
let folder;
let server;
let origin;

before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'site-server-'));
  await build({ output: folder, commit: '0123456789abcdef' });
  server = createServer(await indexSite(path.join(folder, 'public')), state);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${server.address().port}`;
});
after(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

test('the front page answers with its name, its commit and a strict policy', async () => {
  const response = await fetch(origin);
  const body = await response.text();
  assert.equal(response.status, 200);
  assert.match(body, /0123456789ab/);
  assert.match(response.headers.get('content-security-policy'), /default-src 'none'/);
  assert.equal(response.headers.get('cache-control'), 'no-cache');
});

test('an asset may be kept for ever and comes compressed', async () => {
  const [, asset] = (await (await fetch(origin)).text()).match(/href="(\/assets\/site\.[^"]+)"/);
  const response = await fetch(origin + asset, { headers: { 'accept-encoding': 'br' } });
  assert.match(response.headers.get('cache-control'), /immutable/);
  assert.equal(response.headers.get('content-encoding'), 'br');
  assert.match(await response.text(), /color-scheme/);
});

test('an unchanged page is not sent again', async () => {
  const tag = (await fetch(origin)).headers.get('etag');
  assert.equal((await fetch(origin, { headers: { 'if-none-match': tag } })).status, 304);
});

test('an unknown address answers 404 with the page for it', async () => {
  const response = await fetch(`${origin}/nothing/here`);
  assert.equal(response.status, 404);
  assert.match(await response.text(), /<h1>Page not found<\/h1>/);
});

for (const address of ['/../build.json', '/assets/../../build.json', '/%2e%2e/build.json', '//etc/passwd', '/index.html%00']) {
  test(`${address} does not lead out of the site`, async () => {
    assert.match(await raw(`GET ${address} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`), /^HTTP\/1\.1 404 /);
  });
}

test('other methods are refused', async () => {
  const response = await fetch(origin, { method: 'POST' });
  assert.equal(response.status, 405);
  assert.equal(response.headers.get('allow'), 'GET, HEAD');
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

// fetch() tidies an address before it sends it, so attacks are written by hand.
function raw(request) {
  return new Promise((resolve, reject) => {
    let answer = '';
    net.connect(server.address().port, '127.0.0.1', function () { this.write(request); })
      .on('data', (chunk) => (answer += chunk)).on('close', () => resolve(answer)).on('error', reject);
  });
}
