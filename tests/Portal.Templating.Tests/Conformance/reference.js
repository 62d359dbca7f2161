// Renders every case of the corpus with the real Nunjucks: an array of cases on stdin, an array of outcomes on stdout.
'use strict';
const nunjucks = require('nunjucks');

function loaderOf(files) {
  return {
    isRelative: (name) => name.startsWith('./') || name.startsWith('../'),
    resolve: (from, to) => require('path').posix.join(require('path').posix.dirname(from), to),
    getSource: (name) => (Object.hasOwn(files, name) ? { src: files[name], path: name, noCache: true } : null),
  };
}

function render(test) {
  const environment = new nunjucks.Environment([loaderOf(test.files || {})], {
    autoescape: false,
    trimBlocks: !!test.trimBlocks,
    lstripBlocks: !!test.lstripBlocks,
    tags: test.braces ? {} : { variableStart: '${{', variableEnd: '}}' },
  });
  return new Promise((resolve) => {
    // A failing include sometimes never calls back and throws later instead.
    setTimeout(() => resolve({ error: 'no answer' }), 500);
    try {
      environment.renderString(test.template, test.context || {}, { path: 'main' }, (error, text) =>
        resolve(error ? { error: String(error.message) } : { text: text === null ? '' : text }));
    } catch (error) {
      resolve({ error: String(error.message) });
    }
  });
}

process.on('uncaughtException', () => {});
const tests = JSON.parse(require('fs').readFileSync(0, 'utf8'));
Promise.all(tests.map(render)).then((outcomes) => process.stdout.write(JSON.stringify(outcomes)));
