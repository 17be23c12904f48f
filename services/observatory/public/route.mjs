/**
 * The address of what is shown is in the hash, so that every view, selection, order and filter can be kept and sent.
 *
 * @typedef {{ view: string, id: string | null, query: Record<string, string> }} Route
 */

/**
 * @param {string} hash for example `#/experiment/c001-0007?tab=code`
 * @returns {Route}
 */
export function parseRoute(hash) {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [view = '', id = ''] = path.split('/').map(decode);
  return { view: view || 'overview', id: id || null, query: Object.fromEntries(new URLSearchParams(search)) };
}

/**
 * @param {string} view
 * @param {string | null} [id]
 * @param {Record<string, string | null | undefined>} [query] empty values are left out
 */
export function linkTo(view, id = null, query = {}) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) search.set(name, value);
  const text = search.toString();
  return `#/${view}${id === null ? '' : `/${encodeURIComponent(id)}`}${text ? `?${text}` : ''}`;
}

/**
 * The same place with other query values.
 * @param {Route} route
 * @param {Record<string, string | null>} changes
 */
export const linkWith = (route, changes) => linkTo(route.view, route.id, { ...route.query, ...changes });

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
