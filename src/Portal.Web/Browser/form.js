// Where the focus goes in a form of several pages.
export function firstProblem(form) {
  const field = form.querySelector('[aria-invalid=true]') ?? form.querySelector('[role=alert]');
  field?.focus();
  field?.scrollIntoView({ block: 'center' });
}

export function pageTitle(form) {
  const title = form.querySelector('h2') ?? document.querySelector('h1');
  title?.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

export function firstField(form) {
  form.querySelector('form :is(input, select, textarea)')?.focus();
}
