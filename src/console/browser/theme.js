// Loaded before the page is drawn, so that it does not flash: light, dark, or what the system says.
const key = 'ratchet-theme';
const chosen = localStorage.getItem(key);
if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset['theme'] = chosen;

document.addEventListener('DOMContentLoaded', () => {
  const button = document.querySelector('[data-theme-toggle]');
  if (!(button instanceof HTMLButtonElement)) return;
  button.hidden = false;
  button.addEventListener('click', () => {
    const isDark =
      (document.documentElement.dataset['theme'] ?? '') === 'dark' ||
      (document.documentElement.dataset['theme'] === undefined &&
        matchMedia('(prefers-color-scheme: dark)').matches);
    const next = isDark ? 'light' : 'dark';
    document.documentElement.dataset['theme'] = next;
    localStorage.setItem(key, next);
    document.dispatchEvent(new CustomEvent('ratchet-theme'));
  });
});
