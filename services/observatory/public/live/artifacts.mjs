import { get } from './api.mjs';

/**
 * Bodies of artifacts that the reader asked for, by hash; null while one is on its way.
 * @typedef {Map<string, { readonly body: string } | { readonly problem: string } | null>} Artifacts
 */

/** @param {HTMLElement} details */
const hashesOf = (details) => (details.dataset.artifacts ?? '').split(' ').filter(Boolean);

/**
 * Asks for what opened parts of the page show and nobody has asked for yet: prompts are long and few are read.
 * @param {Element} page
 * @param {Artifacts} artifacts
 * @param {() => void} draw called when something came
 */
export async function readOpened(page, artifacts, draw) {
  /** @type {NodeListOf<HTMLElement>} */
  const opened = page.querySelectorAll('details[open][data-artifacts]');
  const wanted = new Set([...opened].flatMap(hashesOf).filter((hash) => !artifacts.has(hash)));
  if (wanted.size === 0) return;
  for (const hash of wanted) artifacts.set(hash, null);
  await Promise.all(
    [...wanted].map(async (hash) => {
      const found = await get(`artifacts/${hash}`).catch((error) => ({ problem: String(error.message) }));
      artifacts.set(hash, found);
    }),
  );
  draw();
}

/**
 * What could not be read is asked for again when its part is opened again.
 * @param {HTMLElement} details
 * @param {Artifacts} artifacts
 */
export function forgetProblems(details, artifacts) {
  for (const hash of hashesOf(details)) {
    const known = artifacts.get(hash);
    if (known && 'problem' in known) artifacts.delete(hash);
  }
}
