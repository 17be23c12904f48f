import { diffView } from '../../code/diff-view.mjs';
import { sourceView } from '../../code/source-view.mjs';
import { h } from '../../dom/element.mjs';
import { get } from '../../live/api.mjs';
import { card } from '../../parts/card.mjs';
import { experimentLink } from '../../parts/experiment-link.mjs';

/**
 * @typedef {import('@asi/reading').ExperimentView} ExperimentView
 * @typedef {{ hash: string | null, program: string | null, parentProgram: string | null }} CodeData
 */

/**
 * @param {ExperimentView} experiment
 * @returns {Promise<CodeData>}
 */
export async function loadCode(experiment) {
  const { artifacts, parentId } = experiment;
  const hash = artifacts.program;
  const body = async (/** @type {string | null} */ hash) =>
    hash === null ? null : (await get(`artifacts/${hash}`)).body;
  const parentHash =
    artifacts.parentProgram ?? (hash && parentId ? (await get(`experiments/${parentId}`)).artifacts.program : null);
  const [program, parentProgram] = await Promise.all([body(hash), body(parentHash)]);
  return { hash, program, parentProgram };
}

/**
 * @param {ExperimentView} experiment
 * @param {CodeData} data
 */
export function codeTab(experiment, { hash, program, parentProgram }) {
  if (program === null) {
    const builtin = experiment.record?.program;
    return card(
      { title: 'Program' },
      h(
        'p',
        { class: 'empty' },
        builtin?.kind === 'builtin' ? `The trainer's own mixer “${builtin.name}”.` : 'There is no program yet.',
      ),
    );
  }
  return h(
    'div',
    { class: 'stack' },
    parentProgram !== null && experiment.parentId
      ? card(
          { title: 'Changes to its parent', note: experimentLink(experiment.parentId) },
          diffView(parentProgram, program),
        )
      : null,
    card({ title: 'Program', note: h('span', { class: 'mono', title: 'SHA-256' }, hash) }, sourceView(program)),
  );
}
