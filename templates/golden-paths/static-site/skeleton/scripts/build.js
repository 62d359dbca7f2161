// Makes dist/: the site with fingerprinted, compressed files, and the server that serves it. dist/ runs as it is.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const compressible = new Set(['.css', '.html', '.js', '.json', '.svg', '.txt', '.webmanifest', '.xml']);

/** Builds `site` into `output`. */
export async function build({ site = path.join(root, 'site'), output = path.join(root, 'dist'), commit = currentCommit() } = {}) {
  const { name, version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  const target = path.join(output, 'public');
  await rm(output, { recursive: true, force: true });
  await mkdir(target, { recursive: true });

  const files = (await readdir(site, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(site, path.join(entry.parentPath ?? entry.path, entry.name)));

  // Files below assets/ get their content's hash into their name, so that browsers may keep them for ever.
  const renamed = new Map();
  const contents = new Map();
  for (const file of files) {
    const content = await readFile(path.join(site, file));
    contents.set(file, content);
    if (file.startsWith('assets/')) {
      const hash = createHash('sha256').update(content).digest('hex').slice(0, 10);
      const { dir, name: stem, ext } = path.parse(file);
      renamed.set(file, `${dir}/${stem}.${hash}${ext}`);
    }
  }

  for (const [file, content] of contents) {
    const isPage = file.endsWith('.html');
    const body = isPage ? Buffer.from(finishPage(content.toString('utf8'), renamed, version, commit)) : content;
    await writeWithCompressed(path.join(target, renamed.get(file) ?? file), body);
  }

  await cp(path.join(root, 'server'), output, { recursive: true });
  await writeFile(path.join(output, 'package.json'), JSON.stringify({ type: 'module' }));
  await writeFile(path.join(output, 'build.json'), JSON.stringify({ name, version, commit }));
  return { files: files.length, output };
}

function finishPage(html, renamed, version, commit) {
  return html
    .replace(/\b(href|src)="\/(assets\/[^"]+)"/g, (_, attribute, asset) => {
      if (!renamed.has(asset)) throw new Error(`A page refers to /${asset}, which is not in site/.`);
      return `${attribute}="/${renamed.get(asset)}"`;
    })
    .replaceAll('%VERSION%', version)
    .replaceAll('%COMMIT%', commit.slice(0, 12));
}

async function writeWithCompressed(file, body) {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, body);
  if (!compressible.has(path.extname(file))) return;
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  for (const [suffix, packed] of [['.br', await promisify(brotliCompress)(body, quality)], ['.gz', await promisify(gzip)(body, { level: 9 })]]) {
    if (packed.length < body.length) await writeFile(file + suffix, packed);
  }
}

function currentCommit() {
  if (process.env.GITHUB_SHA) return process.env.GITHUB_SHA;
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] }).toString().trim();
  } catch {
    return 'local';
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { files, output } = await build();
  console.log(`Built ${files} files into ${path.relative(process.cwd(), output)}/.`);
}
