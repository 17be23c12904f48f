import { h } from '../../dom/element.mjs';
import { fixed, grouped, toNumber } from '../../format/numbers.mjs';
import { card } from '../../parts/card.mjs';
import { chip } from '../../parts/chips.mjs';

/** @param {import('@asi/contracts').Certificate | null} certificate */
export function certificateCard(certificate) {
  if (!certificate) return null;
  return card(
    { title: 'Certificate', note: 'proved by execution, not by reading' },
    h(
      'p',
      {},
      chip(certificate.verdict),
      ` ${grouped(certificate.parameters)} mixer parameters (${fixed(certificate.parameterRatio, 2)} × DeltaNet) · FLOPs grow with length to the power ${fixed(certificate.flopExponent, 2)}`,
    ),
    h(
      'div',
      { class: 'table-scroll' },
      h(
        'table',
        { 'aria-label': 'Findings' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            ['Test', '', 'Kind', 'Measured', 'Threshold', 'Finding'].map((label) =>
              h('th', { scope: 'col', class: /Meas|Thres/.test(label) ? 'number' : null }, label),
            ),
          ),
        ),
        h(
          'tbody',
          {},
          certificate.findings.map((one) =>
            h(
              'tr',
              { 'data-key': one.test },
              h('td', {}, one.test),
              h('td', {}, chip(one.status)),
              h('td', { class: 'soft' }, one.kind),
              h('td', { class: 'number' }, small(one.measured)),
              h('td', { class: 'number' }, one.threshold === null ? '' : small(one.threshold)),
              h(
                'td',
                { class: 'wrap' },
                one.message,
                one.status === 'fail' && one.smallestInput
                  ? h('span', { class: 'soft' }, ` Smallest input: ${one.smallestInput}`)
                  : null,
              ),
            ),
          ),
        ),
      ),
    ),
  );
}

/**
 * Deviations are tiny: 3.1e-7.
 * @param {number} value
 */
function small(value) {
  const number = toNumber(value);
  if (number === 0) return '0';
  return number !== null && Math.abs(number) < 1e-3 ? number.toExponential(1) : fixed(value);
}
