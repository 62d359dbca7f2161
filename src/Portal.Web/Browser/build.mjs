// Makes what the browser gets out of npm packages and the scripts beside this file.
//   node Browser/build.mjs <folder for generated C#> <the component library's icon font>
import { build } from 'esbuild';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import subsetFont from 'subset-font';
import { glyphText } from './glyphs.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const [generated, font] = process.argv.slice(2);
const output = join(here, '..', 'wwwroot', 'lib');

async function names(file) {
  const text = await readFile(join(here, file), 'utf8');
  return text.split('\n').map(line => line.trim()).filter(line => line && !line.startsWith('#'));
}

async function icons() {
  const require = createRequire(import.meta.url);
  const set = JSON.parse(await readFile(require.resolve('@iconify-json/lucide/icons.json'), 'utf8'));
  const rows = (await names('icons.txt')).map(name => {
    const icon = set.icons[name] ?? set.icons[set.aliases?.[name]?.parent];
    if (!icon) throw new Error(`Browser/icons.txt: Lucide has no icon '${name}'.`);
    return `        ["${name}"] = ${JSON.stringify(icon.body.replace(/ stroke-width="2"/g, ''))},`;
  });
  const code = `namespace Portal.Web.Controls;

internal static partial class IconPaths
{
    private static readonly Dictionary<string, string> Paths = new(StringComparer.Ordinal)
    {
${rows.join('\n')}
    };
}
`;
  await mkdir(generated, { recursive: true });
  await writeFile(join(generated, 'IconPaths.g.cs'), code);
}

async function scripts() {
  await build({
    absWorkingDir: here,
    entryPoints: ['shell.js', 'dialog.js', 'log-view.js', 'code-view.js', 'form.js'],
    outdir: output,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'warning',
  });
}

async function glyphFont() {
  const bytes = await readFile(font);
  const subset = await subsetFont(bytes, await glyphText(bytes, await names('glyphs.txt')), {
    targetFormat: 'woff2',
    noLayoutClosure: true,
    keepFeatures: ['liga', 'rlig'],
    variationAxes: { FILL: 0, wght: 400 },
  });
  await writeFile(join(output, 'glyphs.woff2'), subset);
}

await rm(output, { recursive: true, force: true });
await mkdir(output, { recursive: true });
await Promise.all([icons(), scripts(), glyphFont()]);
