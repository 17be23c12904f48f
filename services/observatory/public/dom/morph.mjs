/**
 * Makes `current` look like `wanted` and keeps what is equal, so that a live update loses neither focus, selection and
 * scroll position nor what the reader opened. Children are matched by `data-key`, else by place.
 *
 * @param {Element} current
 * @param {Element} wanted
 */
export function morph(current, wanted) {
  morphAttributes(current, wanted);
  const keyed = new Map();
  for (const child of current.children) {
    const key = child.getAttribute('data-key');
    if (key !== null) keyed.set(key, child);
  }
  let place = current.firstChild;
  for (const child of [...wanted.childNodes]) {
    const match = findMatch(child, place, keyed);
    if (!match) {
      current.insertBefore(child, place);
      continue;
    }
    if (match === place) place = place.nextSibling;
    else current.insertBefore(match, place);
    if (match instanceof Element) morph(match, /** @type {Element} */ (child));
    else if (match.nodeValue !== child.nodeValue) match.nodeValue = child.nodeValue;
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
  // What is selected is a property that no attribute changes once the reader has used the list.
  if (current instanceof HTMLSelectElement && wanted instanceof HTMLSelectElement) {
    const chosen = [...current.options].find((option) => option.hasAttribute('selected'));
    if (chosen) current.value = chosen.value;
  }
}

/**
 * @param {Node} wanted
 * @param {ChildNode | null} place
 * @param {Map<string, Element>} keyed
 * @returns {ChildNode | null}
 */
function findMatch(wanted, place, keyed) {
  if (!(wanted instanceof Element)) return place && place.nodeType === wanted.nodeType ? place : null;
  const key = wanted.getAttribute('data-key');
  if (key !== null) {
    const match = keyed.get(key);
    keyed.delete(key);
    return match && match.nodeName === wanted.nodeName ? match : null;
  }
  const sameKind = place instanceof Element && place.nodeName === wanted.nodeName && !place.hasAttribute('data-key');
  return sameKind ? place : null;
}

/** What the reader changed on the page and the data does not know. */
const ownedByReader = new Set(['open']);

/**
 * @param {Element} current
 * @param {Element} wanted
 */
function morphAttributes(current, wanted) {
  for (const { name, value } of wanted.attributes) {
    if (ownedByReader.has(name)) continue;
    if (current.getAttribute(name) !== value) current.setAttribute(name, value);
  }
  for (const { name } of [...current.attributes]) {
    if (!wanted.hasAttribute(name) && !ownedByReader.has(name)) current.removeAttribute(name);
  }
}
