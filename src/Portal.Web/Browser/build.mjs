// Makes what the browser gets out of npm packages and the scripts beside this file.
//   node Browser/build.mjs <folder for generated C#>
import { build } from 'esbuild';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const [generated] = process.argv.slice(2);
const output = join(here, '..', 'wwwroot', 'lib');

async function names(file) {
  const text = await readFile(join(here, file), 'utf8');
  return text.split('\n').map(line => line.trim()).filter(line => line && !line.startsWith('#'));
}

async function icons() {
  const require = createRequire(import.meta.url);
  const set = JSON.parse(await readFile(require.resolve('@iconify-json/lucide/icons.json'), 'utf8'));
  const bodies = (await names('icons.txt')).map(name => {
    const icon = set.icons[name] ?? set.icons[set.aliases?.[name]?.parent];
    if (!icon) throw new Error(`Browser/icons.txt: Lucide has no icon '${name}'.`);
    return [name, JSON.stringify(icon.body.replace(/ stroke-width="2"/g, ''))];
  });
  const constant = name => name.split('-').map(word => word[0].toUpperCase() + word.slice(1)).join('');
  const code = `namespace Portal.Web.Controls;

/// <summary>The icons of Browser/icons.txt, for the icon parameters of MudBlazor's components.</summary>
internal static class Lucide
{
${bodies.map(([name, body]) => `    public const string ${constant(name)} = ${body};`).join('\n')}
}

internal static partial class IconPaths
{
    private static readonly Dictionary<string, string> Paths = new(StringComparer.Ordinal)
    {
${bodies.map(([name]) => `        ["${name}"] = Lucide.${constant(name)},`).join('\n')}
    };
}
`;
  await writeFile(join(generated, 'IconPaths.g.cs'), code);
}

async function technologies() {
  const require = createRequire(import.meta.url);
  const set = JSON.parse(await readFile(require.resolve('@iconify-json/simple-icons/icons.json'), 'utf8'));
  const rows = (await names('technologies.txt')).map(line => {
    const [icon, ...tags] = line.split(' ');
    if (!set.icons[icon]) throw new Error(`Browser/technologies.txt: Simple Icons has no icon '${icon}'.`);
    return `        new(${JSON.stringify(tags[0])}, [${tags.map(tag => JSON.stringify(tag)).join(', ')}], ${JSON.stringify(set.icons[icon].body)}),`;
  });
  const code = `namespace Portal.Web.Controls;

internal sealed partial record Technology
{
    private static readonly Technology[] Known =
    [
${rows.join('\n')}
    ];
}
`;
  await writeFile(join(generated, 'Technologies.g.cs'), code);
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

await rm(output, { recursive: true, force: true });
await mkdir(output, { recursive: true });
await mkdir(generated, { recursive: true });
await Promise.all([icons(), technologies(), scripts()]);
