// Keeps a page as new as the server's log of changes: parts that say so are fetched again when something has changed.
//
// A page names what it shows by `data-live` on its body: the id of a task, or `all`. Each element with an id and the
// attribute `data-refresh` is replaced by its like of the page as the server makes it now; nothing else moves, and a part
// in which a person is typing or has opened something stays as it is.

const subject = document.body.dataset['live'];
const pauseMs = 1000;

if (subject !== undefined && 'EventSource' in window) {
  const query = subject === 'all' ? '' : `?task=${encodeURIComponent(subject)}`;
  const events = new EventSource(`/api/events${query}`);
  let isWaiting = false;
  const refreshSoon = () => {
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(async () => {
      isWaiting = false;
      await refresh();
    }, pauseMs);
  };
  for (const kind of ['plan-changed', 'campaign-changed', 'watch-event', 'person-acted', 'task-added'])
    events.addEventListener(kind, refreshSoon);
  events.addEventListener('ready', () => say('live'));
  events.addEventListener('error', () => say('connecting'));
  addEventListener('pagehide', () => events.close());
}

/** @param {'live' | 'connecting'} state */
function say(state) {
  const light = document.querySelector('[data-live-light]');
  if (!(light instanceof HTMLElement)) return;
  light.hidden = false;
  light.dataset['liveLight'] = state;
  light.title = state === 'live' ? 'This page follows changes as they happen' : 'Connecting to the server';
  light.textContent = state === 'live' ? 'live' : 'connecting';
}

async function refresh() {
  const response = await fetch(location.href, { headers: { accept: 'text/html' } }).catch(() => undefined);
  if (response === undefined || !response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  for (const part of document.querySelectorAll('[data-refresh]')) {
    const next = page.getElementById(part.id);
    const isInUse = part.contains(document.activeElement) || part.querySelector('details[open]') !== null;
    if (next === null || isInUse) continue;
    if (next.innerHTML !== part.innerHTML) part.replaceChildren(...next.childNodes);
  }
  document.dispatchEvent(new CustomEvent('ratchet-refreshed'));
}
