import { readConfig } from './config.js';
import { log } from './log.js';
import { createRoutes } from './routes.js';
import { createServer } from './server.js';
import { startTelemetry } from './telemetry.js';

/** @type {import('./config.js').Config} */
let config;
try {
  config = readConfig(process.env);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

const stopTelemetry = startTelemetry(config, process.env);
const state = { ready: true };
const server = createServer(createRoutes(config, state));

server.on('error', async (error) => {
  log('ERROR', `Cannot listen on port ${config.port}: ${error.message}`);
  process.exitCode = 1;
  await stopTelemetry();
});
server.listen(config.port, () => {
  const address = server.address();
  log('INFO', `${config.name} ${config.version} listens on port ${typeof address === 'object' ? address?.port : address}`);
});

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    log('INFO', `${signal}: finishing open requests`);
    state.ready = false;
    // A client that keeps its connection open must not hold up the end of the process.
    setTimeout(() => server.closeAllConnections(), 5_000).unref();
    server.close(stopTelemetry);
    server.closeIdleConnections();
  });
}
