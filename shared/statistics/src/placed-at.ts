/** What merit is computed from. */
export type MeritInput = { readonly languageModelLoss: number; readonly battery: number };

/**
 * The runs of one model as if their mean were elsewhere: each run's deviation from the mean, in loss and battery
 * together, added to `anchor` (the residuals of a bootstrap: Efron and Tibshirani, An Introduction to the Bootstrap, 1993,
 * chapter 9). Merit flattens towards 0 and 1, so that the runs of a bad model hardly move it: its deviation is only of
 * use where candidates are compared, at DeltaNet.
 */
export function placedAt(anchor: MeritInput, runs: readonly MeritInput[]): MeritInput[] {
  const mean = (pick: (one: MeritInput) => number) => runs.reduce((sum, one) => sum + pick(one), 0) / runs.length;
  const loss = mean((one) => one.languageModelLoss);
  const battery = mean((one) => one.battery);
  return runs.map((one) => ({
    languageModelLoss: anchor.languageModelLoss + one.languageModelLoss - loss,
    battery: anchor.battery + one.battery - battery,
  }));
}
