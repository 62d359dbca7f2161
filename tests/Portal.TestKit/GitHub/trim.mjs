// Cuts GitHub's official description of its API to the paths in Description/paths.txt.
// node trim.mjs <file to write>
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const read = (name) => readFileSync(fileURLToPath(new URL(name, import.meta.url)), 'utf8');
const whole = JSON.parse(read('node_modules/@octokit/openapi/generated/api.github.com.json'));
const wanted = read('Description/paths.txt').split('\n').map((line) => line.trim()).filter(Boolean);

const missing = wanted.filter((path) => !whole.paths[path]);
if (missing.length > 0) throw new Error(`GitHub's description has no ${missing.join(', ')}`);

/** The media type that GitHub answers with; the description names only the plain one, and the mock server takes it at its word. */
function alias(response) {
  const { content } = response;
  if (content?.['application/json']) content['application/vnd.github+json'] ??= content['application/json'];
}

// The description of github.com leaves out what enterprises have; GitHub's descriptions of Enterprise Cloud and Server say the same here.
for (const operation of [whole.paths['/orgs/{org}/repos'].post, whole.paths['/repos/{owner}/{repo}'].patch])
  operation.requestBody.content['application/json'].schema.properties.visibility.enum = ['public', 'private', 'internal'];

// In the list an account would be a person and an enterprise in one; of a single installation it is described as either, which is what comes.
const { account } = whole.paths['/app/installations'].get.responses['200'].content['application/json'].schema.items.properties;
if (account.allOf) [account.anyOf, account.allOf] = [account.allOf, undefined];

const operations = wanted.flatMap((path) => Object.values(whole.paths[path])).filter((operation) => operation?.responses);
operations.flatMap((operation) => Object.values(operation.responses)).forEach(alias);
Object.values(whole.components.responses).forEach(alias);

const components = {};
function keepWhatIsNamedIn(node) {
  if (node === null || typeof node !== 'object') return;
  if (typeof node.$ref === 'string') {
    const [, , kind, name] = node.$ref.split('/');
    components[kind] ??= {};
    if (!components[kind][name]) {
      components[kind][name] = whole.components[kind][name];
      keepWhatIsNamedIn(components[kind][name]);
    }
  }
  Object.values(node).forEach(keepWhatIsNamedIn);
}

const paths = Object.fromEntries(wanted.map((path) => [path, whole.paths[path]]));
keepWhatIsNamedIn(paths);

const [target] = process.argv.slice(2);
writeFileSync(`${target}.new`, JSON.stringify({ openapi: whole.openapi, info: whole.info, servers: whole.servers, paths, components }));
renameSync(`${target}.new`, target);
