import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '../src/config.js';

test('without settings there are defaults', () => {
  const { port, commit } = readConfig({});
  assert.deepEqual({ port, commit }, { port: 8080, commit: 'local' });
});

for (const port of ['http', '-1', '70000', '80.5']) {
  test(`PORT=${port} is refused with what to change`, () => {
    assert.throws(() => readConfig({ PORT: port }), { message: `PORT must be a number from 0 to 65535, not "${port}".` });
  });
}
