import { h } from '../dom/element.mjs';

/** @type {Record<string, string>} */
const tones = {
  completed: 'good',
  finished: 'good',
  held: 'good',
  better: 'good',
  pass: 'good',
  running: 'active',
  rejected: 'warn',
  undecided: 'warn',
  flagged: 'warn',
  paused: 'warn',
  cancelled: 'warn',
  failed: 'bad',
  worse: 'bad',
  fail: 'bad',
  unsupported: 'bad',
  faulted: 'bad',
  gone: 'bad',
};

/**
 * A state or verdict as a small label; the colour only repeats the word.
 * @param {string} word
 * @param {string} [tone] when the word does not decide
 */
export const chip = (word, tone) =>
  h('span', { class: `chip ${tone ?? tones[word] ?? tones[word.split('.')[0] ?? ''] ?? ''}` }, word);

/** @param {string} verdict */
export const verdictChip = (verdict) =>
  verdict === 'inside-noise' ? h('span', { class: 'chip' }, 'inside noise') : chip(verdict);

/**
 * What a difference to DeltaNet shows. Where it is not called better although its interval says so, fresh seeds are why.
 * @param {{ verdict: string, low: number }} difference
 */
export const differenceChip = ({ verdict, low }) =>
  verdict === 'inside-noise' && low > 0
    ? h(
        'span',
        { class: 'chip', title: 'the run was chosen for this number, and fresh seeds did not show it again' },
        'not shown again',
      )
    : verdictChip(verdict);

/**
 * The mark of a program that failed soft tests of its certificate; null without.
 * @param {readonly string[] | null | undefined} flags
 */
export const flaggedChip = (flags) =>
  flags && flags.length > 0
    ? h(
        'span',
        { class: 'chip warn', title: `soft tests of the certificate that it failed: ${flags.join(', ')}` },
        'flagged',
      )
    : null;

/**
 * Where an experiment under way is; what only waits does not look like work.
 * @param {string} stage
 */
export const stageChip = (stage) =>
  stage === 'training.queued'
    ? h('span', { class: 'chip', title: 'waits for a slot of a runner' }, stage)
    : chip(stage, 'active');
