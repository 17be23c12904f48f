/**
 * The only way this page makes elements. Text is always set as text and never parsed, so nothing that a name, a
 * motivation or a program contains can become markup.
 *
 * @typedef {Node | string | number | null | undefined | false} Child
 * @typedef {Record<string, string | number | boolean | null | undefined>} Attributes
 */

const svgNamespace = 'http://www.w3.org/2000/svg';

/** Attributes that could run a script or load something; links are checked on their own. */
const refused = /^(on|style$|srcdoc$|formaction$)/i;

/**
 * @param {string} tag
 * @param {Attributes} [attributes] null, undefined and false leave an attribute out
 * @param {...(Child | readonly Child[])} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/**
 * The same for SVG.
 * @param {string} tag
 * @param {Attributes} [attributes]
 * @param {...(Child | readonly Child[])} children
 * @returns {SVGElement}
 */
export function s(tag, attributes = {}, ...children) {
  return fill(/** @type {SVGElement} */ (document.createElementNS(svgNamespace, tag)), attributes, children);
}

/**
 * @template {Element} E
 * @param {E} element
 * @param {Attributes} attributes
 * @param {ReadonlyArray<Child | readonly Child[]>} children
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (refused.test(name)) throw new TypeError(`attribute ${name} is not allowed`);
    if (name === 'href' && !/^(#|\/api\/)/.test(String(value))) throw new TypeError('links stay on this page');
    element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
  return element;
}
