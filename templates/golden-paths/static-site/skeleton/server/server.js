// Serves a folder that is indexed once, at the start: a request can only ever name a file of that index, so no path reaches outside it.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream';

const types = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.xml': 'application/xml',
};

const securityHeaders = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
  'Referrer-Policy': 'strict-origin-when-cross-origin',
  'X-Content-Type-Options': 'nosniff',
};

/** Reads which files there are: address → file, type, entity tag, compressed forms. */
export async function indexSite(folder) {
  const found = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
  const all = new Set(found);
  const site = new Map();

  for (const file of found.filter((name) => !name.endsWith('.br') && !name.endsWith('.gz'))) {
    const body = await readFile(file);
    const address = `/${path.relative(folder, file).split(path.sep).join('/')}`;
    const encodings = ['br', 'gz'].filter((suffix) => all.has(`${file}.${suffix}`));
    const entry = {
      file,
      encodings,
      type: types[path.extname(file)] ?? 'application/octet-stream',
      tag: createHash('sha256').update(body).digest('base64url').slice(0, 22),
      cache: address.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    };
    site.set(address, entry);
    if (address.endsWith('/index.html')) site.set(address.slice(0, -'index.html'.length), entry);
    else if (address.endsWith('.html')) site.set(address.slice(0, -'.html'.length), entry);
  }
  return site;
}

/** The HTTP server. `state.ready` false makes /readyz answer 503; `onRequest` is told of each finished request. */
export function createServer(site, state, onRequest = () => {}) {
  return http.createServer((request, response) => {
    const started = performance.now();
    // The query is no part of a file's name; an address is compared as sent, never decoded into a path.
    const address = (request.url ?? '/').split('?', 1)[0];
    response.on('close', () => onRequest({ method: request.method, address, status: response.statusCode, started, seconds: (performance.now() - started) / 1000 }));

    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return text(response, 405, 'Only GET and HEAD are answered here.\n', { Allow: 'GET, HEAD' });
    }
    if (address === '/livez') return text(response, 200, 'ok\n');
    if (address === '/readyz') return state.ready ? text(response, 200, 'ok\n') : text(response, 503, 'stopping\n');

    const entry = site.get(address);
    if (entry) return send(request, response, 200, entry);
    const missing = site.get('/404.html');
    return missing ? send(request, response, 404, missing) : text(response, 404, 'There is nothing at this address.\n');
  });
}

function send(request, response, status, entry) {
  const accepted = new Set((request.headers['accept-encoding'] ?? '').split(',').map((part) => part.trim()));
  const encoding = entry.encodings.find((suffix) => accepted.has(suffix === 'gz' ? 'gzip' : suffix));
  const tag = `"${entry.tag}${encoding ? `-${encoding}` : ''}"`;
  const headers = { ...securityHeaders, 'Content-Type': entry.type, 'Cache-Control': entry.cache, ETag: tag, Vary: 'Accept-Encoding' };

  if (status === 200 && (request.headers['if-none-match'] ?? '').split(/\s*,\s*/).includes(tag)) {
    response.writeHead(304, headers).end();
    return;
  }
  if (encoding) headers['Content-Encoding'] = encoding === 'gz' ? 'gzip' : encoding;
  response.writeHead(status, headers);
  if (request.method === 'HEAD') response.end();
  else pipeline(createReadStream(encoding ? `${entry.file}.${encoding}` : entry.file), response, () => {});
}

function text(response, status, body, headers = {}) {
  response.writeHead(status, { ...securityHeaders, 'Content-Type': types['.txt'], 'Cache-Control': 'no-store', ...headers });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
