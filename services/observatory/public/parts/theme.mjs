/**
 * Follows the system until the reader chooses otherwise.
 * @param {Document} page
 */
export function installTheme(page) {
  const chosen = localStorage.getItem('theme');
  if (chosen === 'light' || chosen === 'dark') page.documentElement.dataset.theme = chosen;
  page.addEventListener('click', (event) => {
    if (!(event.target instanceof Element) || !event.target.closest('[data-action="theme"]')) return;
    const dark =
      getComputedStyle(page.documentElement).colorScheme === 'dark' ||
      (!page.documentElement.dataset.theme && matchMedia('(prefers-color-scheme: dark)').matches);
    page.documentElement.dataset.theme = dark ? 'light' : 'dark';
    localStorage.setItem('theme', dark ? 'light' : 'dark');
  });
}
