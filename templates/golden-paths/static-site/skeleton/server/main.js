import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createServer, indexSite } from './server.js';
import { startTelemetry } from './telemetry.js';

const build = JSON.parse(await readFile(new URL('./build.json', import.meta.url), 'utf8'));
const port = Number(process.env.PORT ?? 8080);
if (!Number.isInteger(port) || port < 0 || port > 65535) {
  console.error(`PORT must be a number from 0 to 65535, not "${process.env.PORT}".`);
  process.exit(1);
}

const telemetry = startTelemetry(build);
const state = { ready: true };
const server = createServer(await indexSite(fileURLToPath(new URL('./public', import.meta.url))), state, telemetry.recordRequest);

server.on('error', (error) => {
  telemetry.log('ERROR', `Cannot listen on port ${port}: ${error.message}`);
  process.exitCode = 1;
});
server.listen(port, () => telemetry.log('INFO', `${build.name} ${build.version} listens on port ${server.address().port}`));

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    telemetry.log('INFO', `${signal}: finishing open requests`);
    state.ready = false;
    // A client that keeps its connection open must not hold up the end of the process.
    setTimeout(() => server.closeAllConnections(), 5_000).unref();
    server.close(async () => {
      await telemetry.stop();
      process.exitCode = 0;
    });
    server.closeIdleConnections();
  });
}
