import { h } from '../../dom/element.mjs';
import { counted } from '../../format/numbers.mjs';

/** @typedef {import('../../live/artifacts.mjs').Artifacts} Artifacts */

/**
 * The prompt of a call and its answer, as far as they have come.
 * @param {import('@asi/contracts').CallRecord} call
 * @param {Artifacts} artifacts
 */
export const callTexts = ({ promptHash, answerHash, error }, artifacts) =>
  h(
    'div',
    { class: 'detail' },
    part('Prompt', promptHash, artifacts, promptText),
    answerHash === null
      ? h('p', { class: 'prose soft' }, error === null ? 'There is no answer.' : `There is no answer: ${error}`)
      : part('Answer', answerHash, artifacts, answerText),
  );

/**
 * @param {string} title
 * @param {string} hash
 * @param {Artifacts} artifacts
 * @param {(value: unknown) => Node[]} read
 */
function part(title, hash, artifacts, read) {
  const found = artifacts.get(hash);
  return h(
    'section',
    { 'data-key': title, 'aria-label': title },
    h(
      'header',
      {},
      h('h3', {}, title),
      h('a', { class: 'mono', href: `/api/artifacts/${hash}`, title: 'as it is on record' }, hash.slice(0, 12)),
    ),
    !found
      ? h('p', { class: 'soft' }, `Loading the ${title.toLowerCase()} …`)
      : 'problem' in found
        ? h('p', { class: 'bad' }, found.problem)
        : read(parsed(found.body) ?? found.body),
  );
}

/** @param {unknown} prompt */
function promptText(prompt) {
  if (!isRecord(prompt)) return [block('', prompt)];
  const { messages, input, schema, ...settings } = prompt;
  return [
    ...(Array.isArray(messages) ? messages : []).map((message, index) =>
      isRecord(message) ? block(String(message.role), message.content) : block(`message ${index + 1}`, message),
    ),
    ...(input === undefined ? [] : [block('text', input)]),
    h(
      'details',
      {},
      h('summary', {}, 'Settings and the shape of the answer'),
      block('asked with', settings),
      schema === undefined ? null : block('shape', schema),
    ),
  ];
}

/** @param {unknown} answer */
function answerText(answer) {
  if (!isRecord(answer)) return [block('', answer)];
  const { content, usage: _, vector, ...rest } = answer;
  const known = Object.entries(rest).filter(([, value]) => value !== null && value !== '');
  const fields = typeof content === 'string' ? parsed(content) : null;
  return [
    // Structured answers hold programs and essays as one line of JSON: they are read by their fields.
    ...(isRecord(fields)
      ? Object.entries(fields).map(([name, value]) => block(name, value))
      : content === undefined
        ? []
        : [block('text', content)]),
    ...(typeof vector === 'string' ? [block('vector', `${counted(numbersIn(vector), 'number')}, as base64`)] : []),
    ...known.map(([name, value]) => block(words[name] ?? name, value)),
  ];
}

/** @type {Record<string, string>} */
const words = { finishReason: 'ended because', model: 'model, as the endpoint names it' };

/**
 * @param {string} title
 * @param {unknown} value
 */
const block = (title, value) =>
  h(
    'div',
    { class: 'text' },
    h('h4', {}, title),
    h('pre', { tabindex: '0' }, typeof value === 'string' ? value : JSON.stringify(value, null, 2)),
  );

/** @param {string} base64 of 32-bit numbers */
const numbersIn = (base64) => Math.floor((base64.replace(/=+$/, '').length * 3) / 16);

/**
 * @param {string} text
 * @returns {unknown} null where it is no JSON
 */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
const isRecord = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
