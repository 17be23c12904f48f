/** A question to the observatory that it could not answer, with what it said. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * @template T
 * @param {string} path under `/api/`
 * @param {Record<string, string | null | undefined>} [query]
 * @returns {Promise<T>}
 */
export async function get(path, query = {}) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) search.set(name, value);
  const text = search.toString();
  const response = await fetch(`/api/${path}${text ? `?${text}` : ''}`).catch(() => {
    throw new ApiError(
      0,
      'The observatory does not answer. It is asked again and again; asi up starts a laboratory that is stopped.',
    );
  });
  const body = await response.json().catch(() => ({ message: `The observatory answered ${response.status}.` }));
  if (!response.ok) throw new ApiError(response.status, body.message);
  return body;
}
