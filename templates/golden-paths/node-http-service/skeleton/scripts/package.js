// Makes dist/, the folder that environments run: the sources, and of node_modules only what production needs.
import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const output = path.join(root, 'dist');

/** @type {{ packages: Record<string, { dev?: boolean, devOptional?: boolean }> }} */
const lock = JSON.parse(await readFile(path.join(root, 'package-lock.json'), 'utf8'));
const modules = Object.entries(lock.packages).filter(([folder, { dev, devOptional }]) => folder && !dev && !devOptional).map(([folder]) => folder);

/** @param {string} file */
const needed = (file) => !/\.(map|d\.ts|d\.mts|d\.cts)$/.test(file);

await rm(output, { recursive: true, force: true });
await mkdir(output);
await Promise.all([
  ...['src', 'package.json', 'openapi.yaml'].map((name) => cp(path.join(root, name), path.join(output, name), { recursive: true })),
  ...modules.map((folder) => cp(path.join(root, folder), path.join(output, folder), { recursive: true, filter: needed })),
]);
console.log(`dist/ has the service and ${modules.length} packages.`);
