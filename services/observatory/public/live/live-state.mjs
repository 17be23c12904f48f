/**
 * What came over the event stream and is not asked for by REST: the connection, telemetry, the state of the processes and the newest messages.
 *
 * @typedef {import('../../src/events/live-curves.ts').LiveTraining} LiveTraining
 * @typedef {import('@asi/reading').JournalLine} JournalLine
 * @typedef {{
 *   connection: import('./event-source.mjs').Connection,
 *   trainings: Map<string, LiveTraining>,
 *   status: import('../../src/stack/with-supervised.ts').DashboardStatus | null,
 *   messages: JournalLine[],
 *   envelopes: Map<number, string>,
 *   artifacts: import('./artifacts.mjs').Artifacts,
 * }} LiveState
 */

const messageLimit = 400;
const pointLimit = 1200;

/** @returns {LiveState} */
export const createLiveState = () => ({
  connection: 'connecting',
  trainings: new Map(),
  status: null,
  messages: [],
  envelopes: new Map(),
  artifacts: new Map(),
});

/**
 * Newest first, bounded.
 * @param {LiveState} state
 * @param {JournalLine} record
 */
export function addMessage(state, record) {
  if ((state.messages[0]?.sequence ?? 0) >= record.sequence) return;
  state.messages = [record, ...state.messages].slice(0, messageLimit);
}

/**
 * @param {LiveState} state
 * @param {import('@asi/contracts').TrainingProgress} progress
 */
export function addTelemetry(state, progress) {
  const known = state.trainings.get(progress.experimentId);
  /** @type {Record<string, readonly { step: number, loss: number }[]>} */
  const curves = { ...known?.curves };
  for (const sample of progress.samples) {
    const before = curves[sample.task] ?? [];
    // A smaller step is another attempt; the same one is a sample that the snapshot already had.
    const last = before.at(-1)?.step ?? -1;
    if (sample.step === last) continue;
    curves[sample.task] = [
      ...(sample.step > last ? before : []),
      { step: sample.step, loss: Number(sample.loss) },
    ].slice(-pointLimit);
  }
  const sample = progress.samples.at(-1);
  state.trainings.set(progress.experimentId, {
    experimentId: progress.experimentId,
    phase: progress.phase,
    task: sample?.task ?? progress.task,
    step: sample?.step ?? known?.step ?? null,
    steps: sample?.steps ?? known?.steps ?? null,
    loss: sample ? Number(sample.loss) : (known?.loss ?? null),
    share: progress.share,
    at: new Date().toISOString(),
    curves,
  });
}
