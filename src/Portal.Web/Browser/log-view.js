// Follows the end of a log unless the reader has scrolled away, and finds text in it without asking the server.
const near = 24;
const all = () => CSS.highlights;

export function attach(view) {
  // The page may have been left while this script came.
  if (!view) return { dispose() { } };
  const pane = view.querySelector('[role=log]');
  const follow = view.querySelector('[data-follow]');
  const input = view.querySelector('input[type=search]');
  const count = view.querySelector('[data-count]');
  let following = true, ranges = [], at = -1, term = '';

  const toEnd = () => { pane.scrollTop = pane.scrollHeight; };
  const atEnd = () => pane.scrollHeight - pane.scrollTop - pane.clientHeight < near;
  const setFollowing = on => { following = on; follow.hidden = on; };

  const onScroll = () => setFollowing(atEnd());
  const onFollow = () => { setFollowing(true); toEnd(); pane.focus(); };

  function find() {
    ranges = [];
    if (term) {
      const walker = document.createTreeWalker(pane, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node && ranges.length < 5000; node = walker.nextNode()) {
        const text = node.data.toLowerCase();
        for (let i = text.indexOf(term); i >= 0; i = text.indexOf(term, i + term.length)) {
          const range = new Range();
          range.setStart(node, i);
          range.setEnd(node, i + term.length);
          ranges.push(range);
        }
      }
    }
    all()?.set('log-found', new Highlight(...ranges));
    at = Math.min(at, ranges.length - 1);
    say();
  }

  function say() {
    count.textContent = !term ? '' : ranges.length === 0 ? 'Not found' : `${at + 1} of ${ranges.length}`;
    all()?.set('log-current', new Highlight(...(ranges[at] ? [ranges[at]] : [])));
  }

  function go(step) {
    if (ranges.length === 0) return;
    at = (at + step + ranges.length) % ranges.length;
    setFollowing(false);
    ranges[at].startContainer.parentElement.scrollIntoView({ block: 'center' });
    say();
  }

  const onInput = () => { term = input.value.toLowerCase(); at = -1; find(); go(1); };
  const onKey = event => { if (event.key === 'Enter') { event.preventDefault(); go(event.shiftKey ? -1 : 1); } };
  const observer = new MutationObserver(() => { if (following) toEnd(); if (term) find(); });

  pane.addEventListener('scroll', onScroll, { passive: true });
  follow.addEventListener('click', onFollow);
  input?.addEventListener('input', onInput);
  input?.addEventListener('keydown', onKey);
  observer.observe(pane, { childList: true, subtree: true });
  toEnd();

  return {
    dispose() {
      observer.disconnect();
      pane.removeEventListener('scroll', onScroll);
      all()?.delete('log-found');
      all()?.delete('log-current');
    },
  };
}
