/**
 * Lists whose options are addresses, and the link past the bar, which must not become an address.
 * @param {Document} page
 * @param {HTMLElement} main
 */
export function installNavigation(page, main) {
  page.addEventListener('change', (event) => {
    const select = event.target;
    if (select instanceof HTMLSelectElement && select.hasAttribute('data-navigate')) location.hash = select.value;
  });
  page.querySelector('.skip')?.addEventListener('click', (event) => {
    event.preventDefault();
    main.focus();
  });
}
