/**
 * An error as RFC 9457 problem details.
 * @param {number} status
 * @param {string} title
 * @param {string} [detail]
 * @returns {import('./routes.js').Reply}
 */
export function problem(status, title, detail) {
  return { status, body: JSON.stringify({ status, title, detail }), type: 'application/problem+json; charset=utf-8' };
}
