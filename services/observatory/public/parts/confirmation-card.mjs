import { h } from '../dom/element.mjs';
import { fixed, signed } from '../format/numbers.mjs';
import { card } from './card.mjs';
import { verdictChip } from './chips.mjs';
import { experimentLink } from './experiment-link.mjs';

/**
 * What fresh seeds say, with effect, interval, the effect shrunk for selection, and what it was compared with.
 * @param {ReadonlyArray<NonNullable<import('@asi/reading').LeaderboardRow['confirmation']>>} confirmations
 */
export function confirmationCard(confirmations) {
  if (confirmations.length === 0) return null;
  return card(
    {
      title: 'Confirmation with fresh seeds',
      note: 'intervals hold at every look and for all confirmations of the laboratory at once, each end with 95 %',
    },
    confirmations.map((one) =>
      h(
        'div',
        { 'data-key': `confirmation ${one.order}` },
        h(
          'p',
          {},
          experimentLink(one.candidateId),
          ` ${one.status === 'under-way' ? 'is being confirmed' : one.status.replace('-', ' ')}: ${one.why} (${one.pairs} fresh seeds, confirmation ${one.order} of the laboratory)`,
        ),
        one.differences.map((difference) =>
          h(
            'p',
            { class: 'soft' },
            `minus ${difference.relation === 'parent' ? 'its parent ' : ''}${difference.name}: ${signed(difference.effect)} [${fixed(difference.low)}, ${fixed(difference.high)}] merit${difference.shrunk ? `, shrunk for selection ${signed(difference.shrunk.effect)} ±${fixed(difference.shrunk.deviation)}` : ''} `,
            verdictChip(difference.verdict),
          ),
        ),
      ),
    ),
  );
}
