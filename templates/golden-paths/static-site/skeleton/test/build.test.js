import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { build } from '../scripts/build.js';

let folder;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'site-build-'));
  await mkdir(path.join(folder, 'site/assets'), { recursive: true });
  await writeFile(path.join(folder, 'site/assets/a.css'), 'p { color: red }');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const run = () => build({ site: path.join(folder, 'site'), output: path.join(folder, 'dist'), commit: '0123456789abcdef' });

test('a page refers to the fingerprinted asset and shows the commit', async () => {
  await writeFile(path.join(folder, 'site/index.html'), '<link href="/assets/a.css"> %COMMIT%');
  await run();
  const page = await readFile(path.join(folder, 'dist/public/index.html'), 'utf8');
  const [asset] = (await readdir(path.join(folder, 'dist/public/assets'))).filter((name) => name.endsWith('.css'));
  assert.match(asset, /^a\.[0-9a-f]{10}\.css$/);
  assert.equal(page, `<link href="/assets/${asset}"> 0123456789ab`);
});

test('an asset that does not exist stops the build', async () => {
  await writeFile(path.join(folder, 'site/index.html'), '<img src="/assets/missing.png" alt="">');
  await assert.rejects(run, /\/assets\/missing\.png, which is not in site/);
});
