import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lintPage } from '../scripts/lint.js';

const page = (body) => `<!doctype html>
<html lang="en"><head><title>T</title><meta name="viewport" content="width=device-width"></head>
<body><h1>T</h1>${body}</body></html>`;

test('a good page has no problems', () => assert.deepEqual(lintPage(page('<a href="/">home</a>'), () => true), []));

for (const [what, body, message] of [
  ['a dead link', '<a href="/nowhere">x</a>', /Nothing is at \/nowhere/],
  ['an image without alt text', '<img src="/x.png">', /alt text/],
  ['an inline script', '<script>alert(1)</script>', /content security policy/],
  ['an inline handler', '<p onclick="go()">x</p>', /content security policy/],
  ['a second h1', '<h1>again</h1>', /exactly one <h1>/],
]) {
  test(`${what} is a problem`, () => assert.match(lintPage(page(body), (target) => target !== '/nowhere').join('\n'), message));
}
