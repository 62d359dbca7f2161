// What the shell does without asking the server: theme, menu, keyboard, reconnecting.
// Everything is delegated from the document, so that it survives the page being rendered again.
const root = document.documentElement;
const narrow = matchMedia('(max-width: 56rem)');

function setTheme(theme) {
  root.dataset.theme = theme;
  document.cookie = `${root.dataset.themeCookie}=${theme}; path=/; max-age=31536000; samesite=lax`;
  markTheme();
}

// What the search in the top bar does instead of going somewhere.
globalThis.portalCommand = name => {
  if (name.startsWith('theme-')) setTheme(name.slice('theme-'.length));
  else document.querySelector(`form[action="/${name}"]`)?.requestSubmit();
};

function markTheme() {
  for (const item of document.querySelectorAll('[data-set-theme]')) {
    item.setAttribute('aria-checked', String(item.dataset.setTheme === (root.dataset.theme || 'system')));
  }
}

function setDrawer(open) {
  root.toggleAttribute('data-nav-open', open);
  document.getElementById('nav-toggle')?.setAttribute('aria-expanded', String(open));
  if (open) document.querySelector('#nav a')?.focus();
}

document.addEventListener('click', event => {
  const target = event.target.closest('[data-set-theme], #nav-toggle, [data-nav-close], #nav a, .skip-link, [data-copy], [popover] a, [popover] button');
  if (!target) return;
  if (target.dataset.setTheme) setTheme(target.dataset.setTheme);
  else if (target.id === 'nav-toggle') setDrawer(!root.hasAttribute('data-nav-open'));
  else if (target.hasAttribute('data-nav-close')) { setDrawer(false); document.getElementById('nav-toggle')?.focus(); }
  else if (target.closest('#nav')) setDrawer(false);
  else if (target.matches('.skip-link')) { event.preventDefault(); document.getElementById('main')?.focus(); }
  else if (target.hasAttribute('data-copy')) copy(target);
  if (target.closest('[popover]') && target.matches('a, [data-set-theme]')) target.closest('[popover]').hidePopover();
});

async function copy(button) {
  const status = button.querySelector('[role=status]');
  let said = 'Copied';
  try { await navigator.clipboard.writeText(button.dataset.copy); }
  catch { said = legacyCopy(button.dataset.copy) ? 'Copied' : 'Could not copy: select the text instead'; }
  button.dataset.copied = said === 'Copied' ? 'yes' : 'no';
  if (status) status.textContent = said;
  setTimeout(() => { delete button.dataset.copied; if (status) status.textContent = ''; }, 2000);
}

// The clipboard API needs https or loopback; behind a plain-http name the old way still works.
function legacyCopy(text) {
  const area = Object.assign(document.createElement('textarea'), { value: text, style: 'position:fixed;opacity:0' });
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  return copied;
}

document.addEventListener('keydown', event => {
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'k') {
    event.preventDefault();
    const search = document.getElementById('global-search');
    search?.focus();
    search?.select();
  }
  if (event.key === 'Escape' && root.hasAttribute('data-nav-open')) {
    setDrawer(false);
    document.getElementById('nav-toggle')?.focus();
  }
  if (root.hasAttribute('data-nav-open') && event.key === 'Tab') keepInside(event, document.getElementById('nav'));
  // Arrow keys move inside these; the page must not scroll along.
  const moves = ['ArrowUp', 'ArrowDown', 'Home', 'End'].includes(event.key);
  if (moves && event.target.closest('[role=tree]')) event.preventDefault();
  if (['ArrowUp', 'ArrowDown', 'Enter'].includes(event.key) && event.target.matches('[role=combobox][data-keys]')) event.preventDefault();
});

function keepInside(event, panel) {
  const stops = [...panel.querySelectorAll('a, button')];
  const [first, last] = [stops[0], stops.at(-1)];
  const leaves = event.shiftKey ? document.activeElement === first : document.activeElement === last;
  if (!leaves && panel.contains(document.activeElement)) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}

narrow.addEventListener('change', () => setDrawer(false));
document.addEventListener('toggle', markTheme, true);

// Exact times in the reader's own time zone, which only the browser knows.
document.addEventListener('mouseover', event => {
  const time = event.target.closest?.('time[datetime]');
  if (time) time.title = new Date(time.dateTime).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'long' });
});

// Both client versions put these classes on the box; "rejected" means that the server no longer knows this page.
const box = document.getElementById('components-reconnect-modal');
if (box) {
  new MutationObserver(() => {
    if (box.classList.contains('components-reconnect-rejected')) location.reload();
  }).observe(box, { attributes: true, attributeFilter: ['class'] });
  document.getElementById('reconnect-reload').addEventListener('click', () => location.reload());
}
