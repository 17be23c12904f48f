import type { CallSum } from './call-sum.ts';

type Known = {
  readonly total: CallSum;
  readonly models: ReadonlyArray<{ readonly model: string; readonly price: object | null; readonly sum: CallSum }>;
};

/** What the sums of calls do not tell, in sentences: a sum that lacks something must not look whole. */
export function callRemarks({ total, models }: Known): string[] {
  const unpriced = models.filter(({ price, sum }) => price === null && sum.withoutDollars > 0);
  return [
    ...unpriced.map(
      ({ model, sum }) =>
        `What ${counted(sum.withoutDollars, 'call')} of ${model} cost in dollars is not known: spending.prices in the campaign file has no price for it.`,
    ),
    ...(total.withoutUsage > 0
      ? [
          `${counted(total.withoutUsage, 'answer')} came without a usable count of tokens: not in these sums, and counted with the most they could take against caps.`,
        ]
      : []),
    ...(total.reopenings > 0
      ? [
          'again: begun again after a process had died or a call had failed; of these only what had been sent and never came whole is perhaps paid again, and that is counted by tries.',
        ]
      : []),
    ...(total.brokenOff > 0
      ? [
          `${counted(total.brokenOff, 'try', 'tries')} had been sent, or may have been, and ${total.brokenOff === 1 ? 'its answer' : 'their answers'} never came whole (too late, reset, cut off, or the process died): perhaps paid, not in these sums, and counted with the most they could take against caps.`,
        ]
      : []),
    ...(total.lost > 0
      ? ['lost: begun, and never ended before their experiment was over; what they cost is not known.']
      : []),
  ];
}

const counted = (count: number, word: string, words = `${word}s`): string => `${count} ${count === 1 ? word : words}`;
