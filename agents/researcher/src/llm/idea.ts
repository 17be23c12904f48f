import type { Citation, Prediction } from '@asi/contracts';
import type { DesignAnswer } from './answers.ts';
import { componentsAfter } from './components.ts';

/** A design as a model leaves it: everything but what the archive and the runner add. */
export type Idea = {
  readonly name: string;
  readonly motivation: string;
  readonly prediction: Prediction;
  readonly components: readonly string[];
  readonly citations: readonly Citation[];
  readonly code: string;
};

/** What a model answered, in the form of the house; `parent`: the components of the parent. */
export function ideaOf(
  { name, motivation, prediction, components, citations, code }: DesignAnswer,
  parent: readonly string[],
): Idea {
  return {
    name: nameOf(name),
    motivation: motivation.trim(),
    prediction: { ...prediction, metric: 'merit' },
    components: componentsAfter(parent, components),
    citations,
    code: cleanCode(code),
  };
}

const longestName = 60;

/** A name as the grammar writes them. */
const nameOf = (written: string): string =>
  written
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, longestName)
    .replace(/^-+|-+$/g, '') || 'unnamed';

/** A program without the Markdown fence that models like to put around it; ends with one line break. */
export function cleanCode(written: string): string {
  const fenced = /^\s*```[a-z]*\n([\s\S]*?)\n?```\s*$/i.exec(written);
  return `${(fenced?.[1] ?? written).trim()}\n`;
}
