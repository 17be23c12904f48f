import { builtinMixers } from '@asi/contracts';
import { expect, test } from 'vitest';
import { sizeInWords } from './size-in-words.ts';

const own = [0.311, 0.44];
const others = [...builtinMixers, 'c001-0003'];

test.each([
  'Noise cannot explain the gain in recall.',
  'Noise alone cannot produce such a gain.',
  'Chance does not explain why recall is better.',
  'Chance does not explain this.',
  'Seeds cannot explain the gain.',
  'Seed noise can hardly account for the difference.',
  'Noise between runs is unlikely to produce so large a gain.',
  'Noise could not have produced this.',
  'This gain cannot come from noise.',
  'The gain in recall is beyond dispute.',
  'The effect of the gate is real.',
  'Chance is ruled out.',
  'Luck can be ruled out here.',
  'We can rule out chance.',
  'The interval rules out noise.',
  'The gain is too large to be chance.',
  'The gain is too large to be explained by noise.',
  'The difference is too steady for luck.',
  'The gain is no fluke.',
  'That recall is better is no accident.',
  'Statistical tests confirm the gain.',
  'A t-test supports it.',
  'The gain is certain.',
  'The gain in recall is undeniable: it is a definite improvement.',
  'The gate definitely improves recall.',
  'The gate undeniably improves recall.',
  'The gate certainly improves recall.',
  'Recall is certainly better.',
  'The gate improves recall, definitely.',
])('that chance is no explanation is left to the claims, with chance as the subject too: %s', (text) => {
  expect(sizeInWords(text, own, others)).toContain('more than chance');
});

test.each([
  'It doubled what the parent recalls.',
  'It doubles the number of keys recalled.',
  'It doubles the number of keys that are recalled.',
  'Twice as many keys are recalled.',
  'It recalls twice as many keys as its parent.',
  'Three times as many sequences are solved.',
  'The number of keys recalled is doubled.',
  'Errors fell sevenfold.',
  'Errors fell by sixfold.',
  'A ninefold gain in recall.',
  'Mistakes are halved.',
  'The gate halves the mistakes.',
])('a multiple is a size, also of what is counted or answered: %s', (text) => {
  expect(sizeInWords(text, own, others)).toContain('it states a size');
});

test.each([
  'It is not certain.',
  'It is not certain that the gate improves recall.',
  'The gain is far from certain.',
  'The gain is anything but certain.',
  'The gain is less certain than it looks.',
  'The difference is certain to depend on the seed.',
  'Certain effects of the gate need a longer training.',
  'Recall is certainly no better.',
  'Recall is definitely not better.',
  'Chance cannot be ruled out.',
  'Chance is not ruled out.',
  'We cannot rule out chance.',
  'One run cannot rule out noise.',
  'Nothing here rules out chance.',
  'No interval rules out chance.',
  'More seeds would rule out chance.',
  'It takes more seeds to rule out chance.',
  'The gain is too small to rule out chance.',
  'The gain is not too large to be chance.',
  'The gate rules out noise tokens before they are written.',
  'The gate excludes noise.',
  'Noise in the keys does not produce a large state.',
  'A key cannot come from noise tokens.',
  'Chance explains the gain.',
  'Noise can explain the difference.',
  'Noise may produce such a gain.',
  'Noise does not cause the state to forget.',
  'Noise tokens cannot explain the keys that are lost.',
  'It is not shown that noise cannot explain the gain.',
  'No statistical test confirms it.',
  'The statistical tests show no gain.',
  'Whether the gain is certain cannot be told.',
  'Whether the gain in recall is certain cannot be told.',
  'It cannot be said that the gain in recall is real.',
  'No difference in recall is certain.',
  'The effect of the gate is not certain.',
  'It doubles the width of the state.',
  'It doubles the state, which solves what one state cannot.',
  'It doubles the state and so recalls old keys.',
  'Doubling the state solves nothing by itself.',
  'It has twice as many parameters.',
  'It reads twice as many keys as its parent.',
  'The state is read twice as often.',
  'The keys are recalled by halved states.',
  'The decay halves the state at each step, so old keys are not recalled.',
  'The state is a manifold of keys.',
])('who says that chance remains, or multiplies a setting, loses no sentence: %s', (text) => {
  expect(sizeInWords(text, own, others)).toBeNull();
});
