export { bestLift, type Lift, leastMeasured, type Merits, meanLift } from './arms/lift.ts';
export { meanMerit } from './arms/mean-merit.ts';
export { quantileBelowBest } from './best-of-several.ts';
export {
  type Comparison,
  type ComparisonResult,
  type Conclusion,
  concludeConfirmation,
  hopeless,
} from './confirmation.ts';
export { type Evidence, type Standing, standingOf } from './confirmation-result.ts';
export { minimumDetectableEffect, powerOf } from './detectable-effect.ts';
export { componentEffects } from './effects/component-effects.ts';
export { type ComponentSums, createComponentSums, type Observation, observationsOf } from './effects/component-sums.ts';
export { boundedGain, type FitnessScale, fitnessOf, judgeScore } from './fitness.ts';
export { leastForCorrelation, meritNoise } from './merit-noise.ts';
export { meanOf, type Noise, pooledNoise, sumOfSquares } from './noise.ts';
export { normalCdf } from './normal.ts';
export { normalQuantile95 } from './normal-quantile.ts';
export { type Look, looksAt, type TestPlan } from './paired-test.ts';
export { pairedNoise, type SeededValue } from './pairing.ts';
export { type MeritInput, placedAt } from './placed-at.ts';
export { possibleDeviation, possibleDifference } from './possible.ts';
export { estimatorOf, type Provisional } from './provisional.ts';
export { meritThatCounts, type SettledRun } from './settled-run.ts';
export {
  combined,
  differenceBetween,
  type Estimate,
  leastForPopulation,
  type Population,
  populationOf,
  shrunkMerit,
} from './shrinkage.ts';
export { familyLevel, levelOf, lookLevels, looksFor } from './spending.ts';
export { type SpreadOfPairs, spreadOfPairs } from './spread-of-pairs.ts';
export { studentTail, studentUpperQuantile, varianceRatioTail } from './student.ts';
export { symptomOf, type Weakness, weakestTask, weakTasks } from './weak-tasks.ts';
export { chanceOfConfirming, worthwhileChance } from './worth-confirming.ts';
