// Where the focus goes in a form of several pages. There is no form when the page was left meanwhile.
export function firstProblem(form) {
  const field = form?.querySelector('[aria-invalid=true]') ?? form?.querySelector('[role=alert]');
  field?.focus();
  field?.scrollIntoView({ block: 'center' });
}

// A template may name the field that is typed into first.
export function namedField(form) {
  form?.querySelector('form [autofocus]')?.focus();
}

export function pageTitle(form) {
  const title = form?.querySelector('form [autofocus]') ?? form?.querySelector('h2') ?? document.querySelector('h1');
  title?.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

export function firstField(form) {
  form?.querySelector('form :is(input, select, textarea)')?.focus();
}
