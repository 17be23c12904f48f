import { type CallRecord, noPromptFile } from '@asi/contracts';
import type { CallSum, Calls } from '@asi/reading';
import { fixed, thousands } from './format.ts';
import type { Paint } from './paint.ts';
import { textTable } from './text-table.ts';
import { printable } from './text-width.ts';

/** Small sums keep the digits that tell them apart. */
export const money = (dollars: number): string => `$${dollars.toFixed(dollars !== 0 && dollars < 1 ? 4 : 2)}`;

/** What lacks something must not look whole. */
export const moneyOf = ({ dollars, dollarsAtLeast }: Pick<CallSum, 'dollars' | 'dollarsAtLeast'>): string =>
  `${dollarsAtLeast ? '≥ ' : ''}${money(dollars)}`;

const outcomeWords: Readonly<Record<Calls['outcomes'][number]['outcome'], string>> = {
  completed: 'what was kept',
  rejected: 'refused',
  failed: 'failures',
  cancelled: 'cancelled',
  'under-way': 'under way',
  none: 'no experiment',
};

const columns = (title: string) => [
  { title, shortest: 12 },
  ...[
    ['calls', 0],
    ['in', 0],
    ['cached', 3],
    ['out', 0],
    ['reasoning', 3],
    ['dollars', 0],
    ['failed', 2],
    ['retries', 2],
    ['again', 1],
    ['lost', 1],
  ].map(([name, expendable]) => ({ title: String(name), align: 'right' as const, expendable: Number(expendable) })),
];

const cells = (name: string, sum: CallSum): string[] => [
  name,
  String(sum.calls),
  thousands(sum.input),
  thousands(sum.cached),
  thousands(sum.output),
  thousands(sum.reasoning),
  moneyOf(sum),
  String(sum.failed),
  String(sum.retries),
  String(sum.reopenings),
  String(sum.lost),
];

/** What language models cost a campaign, by role, model and outcome, and how near it is to its caps. */
export function costText(
  { campaignId, total, roles, questions, models, outcomes, caps, remarks }: Calls,
  width: number,
  paint: Paint,
): string[] {
  if (total.calls === 0 && caps.length === 0) return [`campaign ${campaignId} has asked no language model`];
  const table = (title: string, rows: string[][]): string[] => {
    const [head = '', ...lines] = textTable(columns(title), rows, width);
    return [paint.bold(head), ...lines, ''];
  };
  return [
    ...(total.calls === 0 ? [`campaign ${campaignId} has asked no language model`, ''] : []),
    ...(total.calls === 0
      ? []
      : [
          ...table('role', [
            ...roles.map(({ role, sum }) => cells(printable(role), sum)),
            ...(roles.length > 1 ? [cells('in all', total)] : []),
          ]),
          ...table(
            'question',
            questions.map(({ role, node, sum }) => cells(printable(`${role}: ${node}`), sum)),
          ),
          ...table(
            'model',
            models.map(({ model, sum }) => cells(printable(model), sum)),
          ),
          ...table(
            'spent on',
            outcomes.map(({ outcome, reason, experiments, sum }) => {
              const what = reason === null ? outcomeWords[outcome] : `${outcomeWords[outcome]}: ${printable(reason)}`;
              return cells(`${what}${experiments > 0 ? ` (${experiments})` : ''}`, sum);
            }),
          ),
        ]),
    ...capLines(caps, width, paint),
    ...(remarks.length > 0 ? ['', ...remarks.map(printable)] : []),
  ];
}

function capLines(caps: Calls['caps'], width: number, paint: Paint): string[] {
  if (caps.length === 0) return ['no cap is set (spending in the campaign file, asi run --dollars N)'];
  const amount = (value: number, unit: string) => (unit === 'dollars' ? money(value) : String(value));
  const [head = '', ...lines] = textTable(
    [
      { title: 'cap of', shortest: 12 },
      { title: 'limit', align: 'right' },
      { title: 'spent', align: 'right' },
      { title: 'in flight, at most', align: 'right' },
      { title: 'left', align: 'right' },
      { title: '' },
    ],
    caps.map(({ cap, of, unit, limit, spent, inFlight }) => [
      cap === 'experiment' ? `each experiment (nearest: ${of})` : cap === 'role' ? `the ${of}` : `campaign ${of}`,
      amount(limit, unit),
      amount(spent, unit),
      amount(inFlight, unit),
      amount(Math.max(0, limit - spent - inFlight), unit),
      unit,
    ]),
    width,
  );
  return [paint.bold(head), ...lines];
}

/** The calls of one experiment, oldest first, with the hashes that asi show prints the bodies of. */
export function callsText(experimentId: string, calls: readonly CallRecord[], paint: Paint): string[] {
  if (calls.length === 0) return [`no language model was asked for ${experimentId}`];
  return [
    ...calls.flatMap((call) => {
      const { role, node, model, state, usage, dollars, seconds, retries, openings, brokenOff, error } = call;
      const tokens = usage
        ? `${usage.input} in (${usage.cached} cached), ${usage.output} out (${usage.reasoning} reasoning)`
        : state === 'failed' && brokenOff === 0
          ? 'no tokens'
          : 'tokens unknown';
      const facts = [
        tokens,
        dollars === null ? 'dollars unknown' : moneyOf({ dollars, dollarsAtLeast: brokenOff > 0 }),
        `${fixed(seconds, 1)} s`,
        ...(retries > 0 ? [retries === 1 ? '1 retry' : `${retries} retries`] : []),
        ...(openings > 1 ? [`begun ${openings} times`] : []),
        ...(brokenOff > 0 ? [`${brokenOff} broken off`] : []),
      ];
      return [
        `${paint.bold(`${printable(role)} ${printable(node)}`)}  ${printable(model)}  ${state}${error ? `: ${printable(error)}` : ''}`,
        `  ${facts.join(', ')}`,
        `  prompt ${call.promptHash}${call.promptVersion === noPromptFile ? '' : `, written by version ${call.promptVersion.slice(0, 12)} of its file`}`,
        ...(call.answerHash ? [`  answer ${call.answerHash}`] : []),
        '',
      ];
    }),
    `asi show ${experimentId} --artifact HASH prints a prompt or an answer`,
  ];
}
