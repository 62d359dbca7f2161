import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import http from 'node:http';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../src/main.js', import.meta.url));

/** @param {NodeJS.ProcessEnv} environment */
async function start(environment) {
  const child = spawn(process.execPath, [main], { env: { PATH: process.env.PATH, PORT: '0', ...environment }, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    output += chunk;
    const port = /listens on port (\d+)/.exec(output)?.[1];
    if (port) return { child, origin: `http://127.0.0.1:${port}` };
  }
  throw new Error(`It did not start: ${output}`);
}

test('SIGTERM ends it with exit code 0', async () => {
  const { child, origin } = await start({});
  assert.equal((await fetch(`${origin}/readyz`)).status, 200);
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('telemetry reaches the collector, with the service name', async () => {
  /** @type {Map<string, Buffer>} */
  const received = new Map();
  const collector = http.createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    received.set(request.url ?? '', Buffer.concat(chunks));
    response.writeHead(200).end();
  });
  await new Promise((resolve) => collector.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = collector.address();
  try {
    const { child, origin } = await start({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, OTEL_SERVICE_NAME: 'named-by-the-environment',
    });
    await (await fetch(origin)).text();
    child.kill('SIGTERM');
    assert.deepEqual(await once(child, 'exit'), [0, null]);
    for (const signal of ['traces', 'metrics', 'logs']) {
      assert.ok(received.get(`/v1/${signal}`)?.includes('named-by-the-environment'), `no ${signal}`);
    }
  } finally {
    collector.close();
  }
});
