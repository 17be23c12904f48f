/**
 * How long are the prompts of the minds, and how many tokens does an experiment take?
 *
 * Run: `node test/bench/prompt-sizes.ts [--write]` (a few seconds, no network, no key). Every prompt of every role is rendered
 * by the real graphs, on a campaign of 16 candidates whose programs are those of the grammar, and asked of a scripted
 * endpoint on this machine. Tokens are those of OpenAI's tokeniser o200k; other models count otherwise. Prompts are measured;
 * answers are scripted, in texts as long as the prompts ask for, and without reasoning (`--reasoning`). How often each
 * question is asked is an assumption, and an option: `--repairs`, `--twins`, `--amendments`, `--failures`, `--corrections`.
 * `--write` puts the tables into docs/minds/cost.md, between the marks. Exits 1 when a question was not asked.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Tiktoken } from 'js-tiktoken/lite';
import o200k from 'js-tiktoken/ranks/o200k_base';
import { everyPrompt, type MeasuredCall } from './support/minds/every-prompt.ts';
import { readOptions } from './support/read-options.ts';

const values = readOptions(import.meta.url, {
  repairs: { type: 'string', default: '0.5' },
  twins: { type: 'string', default: '0.1' },
  amendments: { type: 'string', default: '0.1' },
  failures: { type: 'string', default: '0.15' },
  corrections: { type: 'string', default: '0.3' },
  reasoning: { type: 'string', default: '0' },
  'input-price': { type: 'string', default: '1' },
  'output-price': { type: 'string', default: '8' },
  candidates: { type: 'string', default: '60' },
  write: { type: 'boolean', default: false },
});
function number(name: Exclude<keyof typeof values, 'write'>): number {
  const value = Number(values[name]);
  if (Number.isFinite(value) && value >= 0) return value;
  process.stderr.write(`--${name} takes a number >= 0\n`);
  process.exit(2);
}
const [repairs, twins, amendments] = [number('repairs'), number('twins'), number('amendments')];
const [failures, corrections, reasoning] = [number('failures'), number('corrections'), number('reasoning')];
const [inputPrice, outputPrice, candidates] = [number('input-price'), number('output-price'), number('candidates')];

/** Questions of an experiment, and how often each is asked in one. */
const questions: ReadonlyArray<{
  readonly role: string;
  readonly node: string;
  readonly times: number;
  readonly when: string;
}> = [
  { role: 'researcher', node: 'summarise', times: 5, when: 'parent and 4 references' },
  { role: 'researcher', node: 'design', times: 1, when: 'always' },
  { role: 'researcher', node: 'amend-citations', times: amendments, when: 'it cited what it was not shown' },
  { role: 'researcher', node: 'repair', times: repairs, when: 'its certificate failed' },
  { role: 'researcher', node: 'diversify', times: twins, when: 'it was a twin' },
  { role: 'researcher', node: 'judge-novelty', times: 1 + twins, when: 'every legal draft that behaves newly' },
  { role: 'engineer', node: 'mend', times: 2 * failures, when: 'it failed: one probe, one change' },
  { role: 'engineer', node: 'check-intent', times: failures, when: 'of each change' },
  { role: 'judge', node: 'score', times: 3, when: 'always, the same prompt' },
  { role: 'analyst', node: 'analyse', times: 1, when: 'always' },
  { role: 'analyst', node: 'repair', times: corrections, when: 'a claim did not stand' },
];
const begin = '<!-- begin: test/bench/prompt-sizes.ts -->';
const end = '<!-- end: test/bench/prompt-sizes.ts -->';

const tokeniser = new Tiktoken(o200k);
const tokens = (text: string): number => tokeniser.encode(text, 'all').length;
const mean = (all: readonly number[]): number => all.reduce((sum, one) => sum + one, 0) / all.length;
const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const dollars = (input: number, output: number): number => (input * inputPrice + output * outputPrice) / 1e6;

const calls = await everyPrompt();
const measured = questions.map((question) => sizesOf(question, calls));
const text = [...callTable(), '', ...experimentTable()].join('\n');
process.stdout.write(`${text}\n`);
if (values.write) write(text);
const unasked = measured.filter(({ asked }) => asked === 0).map(({ role, node }) => `${role} ${node}`);
if (unasked.length > 0) process.stderr.write(`not asked: ${unasked.join(', ')}\n`);
process.exitCode = unasked.length > 0 ? 1 : 0;

function sizesOf(question: (typeof questions)[number], all: readonly MeasuredCall[]) {
  const own = all.filter(({ role, node }) => role === question.role && node === question.node);
  return {
    ...question,
    asked: own.length,
    characters: mean(own.map(({ prompt }) => prompt.length)),
    input: mean(own.map(({ prompt }) => tokens(prompt))),
    reserved: mean(own.map((one) => one.reserved)),
    output: mean(own.map(({ answer }) => tokens(answer))) + reasoning,
  };
}

function callTable(): string[] {
  return [
    row(
      'Role',
      'Question',
      'Asked when',
      'Times an experiment',
      'Prompt, characters',
      'Prompt, tokens',
      'Reserved for it',
      'Answer, tokens',
    ),
    '|---|---|---|---:|---:|---:|---:|---:|',
    ...measured.map(({ role, node, when, times, characters, input, reserved, output }) =>
      row(
        role,
        node,
        when,
        String(Number(times.toFixed(2))),
        whole(characters),
        whole(input),
        whole(reserved),
        whole(output),
      ),
    ),
  ];
}

function experimentTable(): string[] {
  const sums = [...new Set(questions.map(({ role }) => role)), 'in all'].map((role) => {
    const own = measured.filter((one) => role === 'in all' || one.role === role);
    const sum = (of: (one: (typeof measured)[number]) => number) =>
      own.reduce((all, one) => all + one.times * of(one), 0);
    return { role, calls: sum(() => 1), input: sum((one) => one.input), output: sum((one) => one.output) };
  });
  const all = sums.at(-1);
  if (!all) throw new Error('there are roles');
  const each = dollars(all.input, all.output);
  return [
    row(
      'An experiment',
      'Calls',
      'Tokens in',
      'Tokens out',
      `Dollars, at $${inputPrice} and $${outputPrice} per million`,
    ),
    '|---|---:|---:|---:|---:|',
    ...sums.map((one) =>
      row(
        one.role,
        one.calls.toFixed(1),
        whole(one.input),
        whole(one.output),
        dollars(one.input, one.output).toFixed(4),
      ),
    ),
    '',
    `${whole(candidates)} such experiments: ${whole(candidates * all.input)} tokens in, ${whole(candidates * all.output)} out, ` +
      `$${(candidates * each).toFixed(2)} at these prices. Assumed for each experiment: ${repairs} repairs, ${twins} twins, ` +
      `${amendments} corrections of citations, ${failures} failed trainings that are mended, ${corrections} corrections of an ` +
      `analysis, ${whole(reasoning)} tokens of reasoning in each answer.`,
  ];
}

function write(tables: string): void {
  const document = fileURLToPath(new URL('../../docs/minds/cost.md', import.meta.url));
  const present = readFileSync(document, 'utf8');
  const [from, to] = [present.indexOf(begin), present.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${document} lacks the marks "${begin}" and "${end}"`);
  writeFileSync(document, `${present.slice(0, from + begin.length)}\n\n${tables}\n\n${present.slice(to)}`);
}
