// `/` searches, `j` and `k` walk through the rows of a list, Enter opens one, `g` then a letter goes to a page, `?` helps.

const places = new Map(
  [...document.querySelectorAll('a[data-key]')].map((link) => [link.getAttribute('data-key') ?? '', link]),
);
const rows = () => [...document.querySelectorAll('[data-rows] a[data-row]')];
let isGoing = false;

document.addEventListener('keydown', (event) => {
  const { target, key } = event;
  const isTyping =
    target instanceof HTMLInputElement ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping) {
    if (key === 'Escape') target.blur();
    return;
  }
  if (isGoing) {
    isGoing = false;
    const place = places.get(key);
    if (place instanceof HTMLAnchorElement) place.click();
    return;
  }
  if (key === '/') {
    const search = document.querySelector('input[type="search"]');
    if (!(search instanceof HTMLInputElement)) return;
    event.preventDefault();
    search.focus();
    search.select();
  } else if (key === 'g') isGoing = true;
  else if (key === 'j') step(1);
  else if (key === 'k') step(-1);
  else if (key === '?') {
    const help = document.querySelector('dialog[data-keys]');
    if (help instanceof HTMLDialogElement) help.showModal();
  }
});

/** @param {1 | -1} by */
function step(by) {
  const all = rows();
  const at = all.findIndex((row) => row === document.activeElement);
  const next = all[at === -1 ? (by === 1 ? 0 : all.length - 1) : at + by];
  if (next instanceof HTMLElement) next.focus();
}
