// Checks what breaks sites in practice: script syntax, page basics, dead internal links, inline code that the CSP would refuse.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Every problem of a page, as "line: message". `exists` tells whether a path of the site does. */
export function lintPage(html, exists) {
  const problems = [];
  const report = (index, message) => problems.push(`${html.slice(0, index).split('\n').length}: ${message}`);
  const first = (pattern, message) => pattern.test(html) || report(0, message);

  first(/^<!doctype html>/i, 'Start the page with <!doctype html>.');
  first(/<html[^>]*\slang="[a-z]/i, 'Say the language: <html lang="en">.');
  first(/<title>[^<]+<\/title>/i, 'Give the page a <title>.');
  first(/<meta[^>]*name="viewport"/i, 'Add <meta name="viewport">, or phones show a shrunken page.');
  if ([...html.matchAll(/<h1[\s>]/gi)].length !== 1) report(0, 'Have exactly one <h1>.');

  for (const { index, 0: image } of html.matchAll(/<img\b[^>]*>/gi)) {
    if (!/\salt=/i.test(image)) report(index, 'Give the image an alt text (alt="" if it is decoration).');
  }
  for (const { index } of html.matchAll(/<style[\s>]|\sstyle="|<script(?![^>]*\ssrc=)|\son[a-z]+="/gi)) {
    report(index, 'Move inline styles and scripts to a file below assets/: the content security policy refuses them.');
  }
  for (const { index, 1: target } of html.matchAll(/\s(?:href|src)="(\/[^"#?]*)/gi)) {
    if (!target.startsWith('//') && !exists(target)) report(index, `Nothing is at ${target}.`);
  }
  return problems;
}

function main() {
  const site = path.join(root, 'site');
  const files = new Set(list(site).map((file) => `/${file}`));
  const exists = (target) =>
    files.has(target) || files.has(`${target.replace(/\/$/, '')}.html`) || files.has(`${target.replace(/\/?$/, '/')}index.html`);

  const problems = [...files]
    .filter((file) => file.endsWith('.html'))
    .flatMap((file) => lintPage(readFileSync(path.join(site, file), 'utf8'), exists).map((problem) => `site${file}:${problem}`));

  for (const folder of ['scripts', 'server', 'site', 'test']) {
    for (const file of list(path.join(root, folder)).filter((name) => name.endsWith('.js'))) {
      execFileSync(process.execPath, ['--check', path.join(root, folder, file)], { stdio: 'inherit' });
    }
  }

  if (problems.length > 0) {
    console.error(problems.join('\n'));
    process.exit(1);
  }
  console.log(`${files.size} files, no problems.`);
}

function list(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
