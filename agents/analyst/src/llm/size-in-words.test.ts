import { expect, test } from 'vitest';
import { sizeInWords } from './size-in-words.ts';

test.each([
  'merit rises by +0.03',
  'a loss (−.2) of merit',
  'about ~+0.1',
  'The design is better than its parent by 0.05, or five percent, as predicted',
  'It gains 0.05 on parity.',
  'A lift of .04 in the battery',
  'Merit rose from 0.60 to 0.65',
  'parity improves by five hundredths',
  'it is +5 % on recall',
  'Five points ahead of its parent',
  'an accuracy that is 3 per cent higher',
  'recall is twice as good, which is better than its parent',
  'The loss drops by about 2.',
  'Its accuracy is higher by a third',
  'It is better than its parent by two.',
  'recall is one point better',
  'Parity rose from 0.46 to 0.90 because of the gate.',
  'The gate doubled accuracy on parity.',
  'The gate halves the language-model loss.',
  'The gate makes recall three times better.',
  'Parity moved from chance to 0.90.',
  'noisy-recall went from 0.06 to 0.31 with the gate',
  'Parity jumped 40 hundredths.',
  'Recall: 0.06 before, 0.31 after.',
  'The gate buys a quarter of the accuracy.',
  'With the gate recall is 0.31; without it 0.06.',
  'With the gate recall is 0.31. Without it 0.06.',
  'The gate adds 0.25 to parity.',
  'noisy-recall increased from 9 to 31 of 100 items',
  'the loss sank by 0.1',
  'parity gains a lot: 0.90',
  'Parity is 0.90 thanks to the gate.',
  'Recall is 0.31 versus 0.06 of the parent.',
  'The gate costs 0.02 of merit.',
  'Recall reaches twice that of its parent.',
  'Where parity fails the gate doubles it.',
  'The gate closes two thirds of the gap in recall',
  'Where the gate is absent recall is 0.06 and else 0.31',
  'The effect of the gate on parity is 0.44',
  'Merit is 0.2 above the parent',
  'Merit exceeds DeltaNet by a factor of two',
  'Parity: 0.46 -> 0.90 with the gate',
  'The gate takes recall from 0.06 to 0.31.',
  'Recall is 0.31 where the parent without the gate has 0.06.',
  'Merit is 0.42, while the parent has 0.31.',
  'Parity: 0.9 here, 0.5 in the parent.',
  'Recall is a hundred times as good.',
  'The gain is 1/10',
  'an improvement of 0,05 in merit',
  'an improvement of ０.０５ in merit',
  'The gate adds 5e-2 of merit.',
  'Merit is better by 1.5e−1.',
  'recall accuracy: 0.4 (parent: 0.1).',
  'Parity: 0.98. Parent: 0.51.',
  'Parity is 0.98.\nThe parent: 0.51.',
  '0.4 of recall, parent 0.1.',
  'Merit of 0.31; the parent has 0.22.',
  'Recall is 31 where the parent has 22 of a hundred.',
])('a size is found however it is written, for it would escape the check: %s', (text) => {
  expect(sizeInWords(text)).toContain('it states a size');
});

test.each([
  'beta in 0.5 to 2.0',
  'from c001-0003',
  'a two-state mixer',
  'a learning rate of 1e-3',
  'Let the write strength reach 2 where parity fails; then parity is better.',
  'The state is divided by 2 in each of the 4 heads.',
  'The training loss falls from 0.70 to 0.25 by step 150.',
  'Reflections make parity better, as 2411.12537 says.',
  'By one mechanism the state flips.',
  'Parity improves by a reflection, and recall by an output gate.',
  'Parity is made better by two reflections.',
  'There is a point at which the state saturates.',
  'The size was too small.',
  'Its merit is 0.31 ± 0.10, and that of its parent was not measured.',
  'It has 16 heads, and recall fails in all of them.',
  'At T = 128 parity is at chance.',
  'A window of 24 holds the keys that recall needs.',
  'With a learning rate of 0.005 the loss diverges.',
  'Parity is 0.46 and recall is 0.90.',
  'Raise the decay from 0.9 to 0.99 where recall fails.',
  'Give half of the heads a decay: recall needs the others.',
  'Going from 4 to 8 heads made parity better.',
  'Double the width of the keys before anything else.',
  'The write happens twice for each token, so recall is not disturbed.',
  'The 95 % interval of merit holds zero.',
  'Recall is at 0.31, and its curve is still falling at step 150.',
  'Parity stays at 0.50, which is chance.',
  'Its merit is 0.512, where DeltaNet is at 0.5.',
  'A first state decays at 0.9, a second at 0.999, so recall of old keys survives.',
  'Initialise the gate bias at 2.0 so that recall is not lost early.',
  'Compare it with c001-0003, whose gate is better placed.',
  'Its parent has 4 heads and a decay of 0.9; recall is at 0.31.',
  'The weight starts at 1e-3 and grows.',
  'Its merit is 0.31. Its parent was not measured.',
  'The parent: a delta rule with a gate, whose recall is 0.31.',
  'The baseline of parity is chance, 0.5.',
])('a number that is no size of an effect may stand: %s', (text) => {
  expect(sizeInWords(text)).toBeNull();
});

test.each([
  'Gate every write: the gate helps parity far beyond the noise',
  'Recall is significantly better with the gate.',
  'The gate improves recall dramatically.',
  'The difference in parity is statistically significant.',
  'Parity shows a measurable effect of the gate.',
  'The difference is real and not chance.',
  'The effect on parity is statistically real.',
  'For the gate on parity p < 0.05.',
  'The effect is 2 sigma.',
  'Parity lies two standard deviations above its parent.',
])('that an effect is more than chance is said by claims alone, for later designers believe it: %s', (text) => {
  expect(sizeInWords(text)).toContain('more than chance');
});

test.each([
  'The change did nothing measurable.',
  'No difference is statistically clear.',
  'Keys, values, 3, 4 and 5 of them are shared.',
  'No difference in recall is beyond the noise.',
  'Whether parity is beyond the noise cannot be told from one run.',
  'The gate is not significantly better.',
  'The gates differ substantially in what they compute.',
])('that nothing was shown may be said, for it claims no effect: %s', (text) => {
  expect(sizeInWords(text)).toBeNull();
});

test.each([
  'It beats its parent on every task.',
  'The design is better than DeltaNet across all tasks',
  'On all five tasks the gate outperforms the parent.',
  'It improves on its parent, in most of the tasks, for want of interference.',
])('a comparison on all tasks at once is no lesson, for each task has noise of its own: %s', (text) => {
  expect(sizeInWords(text)).toContain('it compares on all tasks at once');
});

test.each([
  'It does not beat its parent on every task.',
  'Whether it is better on all tasks cannot be told.',
  'Recall is better, and parity is at chance.',
  'Every task is read by the same gate.',
  'On every task the state is written once for each token.',
  'The gate is better placed before the norm; all tasks share one tokeniser.',
])('a sentence about tasks that compares nothing on all of them may stand: %s', (text) => {
  expect(sizeInWords(text)).toBeNull();
});
