import { canonicalJson } from '@asi/contracts';
import { z } from 'zod';

/** Of a chat its messages; of an embedding the text. */
const promptSchema = z.looseObject({
  messages: z.array(z.object({ role: z.string(), content: z.string() })).default([]),
  input: z.string().optional(),
});

/** A prompt as the archive holds it, with the hash of the file that wrote it. */
export type AskedPrompt = { readonly body: string; readonly promptVersion: string };

/** Where a question parts from the recorded one that is most like it. */
export type LineDivergence = {
  /** From 1, over all messages of the prompt; 0: all lines are equal, and the settings of the call or the version of its prompt file differ. */
  readonly line: number;
  /** Null past the end, and where the record holds no question of this kind. */
  readonly recorded: string | null;
  readonly replayed: string | null;
};

/**
 * The first line at which a prompt differs from the recorded one that begins most like it.
 * @param recorded of the same role and node for the same experiment
 */
export function lineDivergence(replayed: AskedPrompt, recorded: readonly AskedPrompt[]): LineDivergence {
  const asked = linesOf(replayed.body);
  const closest = recorded
    .map((prompt) => ({ prompt, lines: linesOf(prompt.body) }))
    .map((one) => ({ ...one, at: firstDifference(one.lines, asked) }))
    .sort((a, b) => (b.at ?? Number.POSITIVE_INFINITY) - (a.at ?? Number.POSITIVE_INFINITY))[0];
  if (!closest) return { line: 1, recorded: null, replayed: asked[0] ?? null };
  const { lines, at, prompt } = closest;
  if (at === null) return { line: 0, recorded: settingsOf(prompt), replayed: settingsOf(replayed) };
  return { line: at + 1, recorded: lines[at] ?? null, replayed: asked[at] ?? null };
}

function firstDifference(one: readonly string[], other: readonly string[]): number | null {
  for (let at = 0; at < Math.max(one.length, other.length); at++) if (bare(one[at]) !== bare(other[at])) return at;
  return null;
}

/** A line without the marks of data, which follow from what they enclose: that itself is to be named. */
const bare = (line: string | undefined): string | undefined => line?.replace(dataMark, '');
const dataMark = /\b[0-9a-f]{24}\b/g;

function linesOf(body: string): string[] {
  const { messages, input } = promptSchema.parse(JSON.parse(body));
  return [
    ...messages.map(({ role, content }) => `${role}: ${content}`),
    ...(input === undefined ? [] : [input]),
  ].flatMap((text) => text.split('\n'));
}

function settingsOf({ body, promptVersion }: AskedPrompt): string {
  const { messages: _, input: __, ...settings } = promptSchema.parse(JSON.parse(body));
  return canonicalJson({ ...settings, promptVersion });
}
