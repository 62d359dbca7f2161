import { readFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/**
 * @typedef {object} Config
 * @property {string} name
 * @property {string} version
 * @property {string} commit
 * @property {number} port 0 takes any free port.
 */

/**
 * Reads the settings, or throws with every one that is wrong.
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Config}
 */
export function readConfig(environment) {
  const problems = [];
  const port = Number(environment.PORT ?? 8080);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    problems.push(`PORT must be a number from 0 to 65535, not "${environment.PORT}".`);
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return { name: manifest.name, version: manifest.version, commit: environment.GIT_COMMIT ?? 'local', port };
}
