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
])('a number that is no size of an effect may stand: %s', (text) => {
  expect(sizeInWords(text)).toBeNull();
});
