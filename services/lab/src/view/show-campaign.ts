import { setTimeout as sleep } from 'node:timers/promises';
import { type CampaignRecord, catalogue, isOpenCampaign } from '@asi/contracts';
import { type JournalLine, type Progress, type Reading, viewJson } from '@asi/reading';
import { createLogUpdate } from 'log-update';
import type { CliContext } from '../commands/cli-context.ts';
import type { ProcessState } from '../stack/process-state.ts';
import { troubleOf } from '../stack/stack-trouble.ts';
import { armLine } from './arms-standing.ts';
import { campaignScreen } from './campaign-screen.ts';
import { countByLine } from './count-by-line.ts';
import { followCampaign } from './live-campaign.ts';
import { paintFor } from './paint.ts';
import { plainLine } from './plain-line.ts';
import { tellHangs } from './tell-hangs.ts';
import { tellWaits } from './tell-waits.ts';
import { waitsWhilePaused } from './waits-while-paused.ts';

export type ShowOptions = {
  readonly reading: Reading;
  readonly campaignId: string;
  readonly afterSequence: number;
  readonly supervised: () => readonly ProcessState[];
  readonly dashboard: () => string | null;
  /** True when the stack has ended and nothing will start it again. */
  readonly gone: () => boolean;
  /** What Ctrl-C does, in words. */
  readonly hint: string;
  /** One JSON value a line instead of text. */
  readonly json: boolean;
  /** Set for `asi watch`: goes on after a pause. */
  readonly waitWhilePaused: boolean;
};

export type ShownEnd = {
  readonly why: 'ended' | 'paused' | 'interrupted' | 'gone';
  readonly progress: Progress | null;
};

const redrawMilliseconds = 500;
const plainMilliseconds = 1000;
const lastEventMilliseconds = 1500;
const lookMilliseconds = 250;
// A cancelled campaign's trainings end within seconds; whoever stopped the stack before that would leave them to the next start.
const settleMilliseconds = 10_000;

/** Shows a campaign until it ends, or is paused by the laboratory itself, or the person interrupts. */
export async function showCampaign(context: CliContext, options: ShowOptions): Promise<ShownEnd> {
  const { out, interrupt, clock } = context;
  const { stream } = options.json ? {} : out;
  const paint = paintFor(out.isTerminal, context.env);
  const update = stream ? createLogUpdate(stream, { showCursor: false }) : null;
  const unwritten: JournalLine[] = [];
  const count = countByLine();
  let pausedByItself = false;
  const onEvent = (line: JournalLine) => {
    if (line.type === catalogue.campaignChanged.type) {
      const { state } = line.data as Pick<CampaignRecord, 'state'>;
      // A pause that no command caused is the director's own: nothing goes on until the cause is mended.
      pausedByItself = state === 'paused' && line.causationId === null;
    }
    if (!update) unwritten.push(line);
  };
  // Only what was heard before the documents were read anew is written beside them: a later event would contradict them.
  const flush = (heard: number) => {
    const { progress, before, arms } = live.model();
    for (const line of unwritten.splice(0, heard)) {
      const reached = count(line, before);
      const lines = options.json
        ? [viewJson(line)]
        : [plainLine(line, progress, reached), armLine(line, arms) ?? []].flat();
      for (const one of lines) out.write(`${one}\n`);
    }
  };
  const knownTrouble = () => troubleOf(options.supervised())?.message ?? null;
  const live = followCampaign({ ...options, clock, onEvent, knownTrouble });
  // A pause that a person asked for is waited through: said once, for whoever only sees lines.
  let toldPause = false;
  const tellPause = () => {
    const isPaused = live.model().progress?.state === 'paused' && ended() === null;
    if (isPaused && !toldPause && !update) context.error.write(`asi: ${waitsWhilePaused}\n`);
    toldPause = isPaused;
  };
  // Lines cannot be redrawn: a trouble is said when it begins, and when it is over.
  let told: string | null = null;
  const tellTrouble = () => {
    const { trouble } = live.model();
    if (update || Boolean(trouble) === Boolean(told)) return;
    told = trouble;
    context.error.write(
      trouble ? `asi: ${trouble}; the campaign goes on when that is mended\n` : 'asi: the campaign goes on\n',
    );
  };
  const tellWaiting = tellWaits(context);
  const tellHung = tellHangs(context, options.supervised());
  const draw = (heard: number) => {
    flush(heard);
    tellTrouble();
    if (!update) tellWaiting(live.model().processes);
    if (!update) tellHung(options.supervised());
    tellPause();
    update?.(
      campaignScreen({
        model: live.model(),
        supervised: options.supervised(),
        dashboard: options.dashboard(),
        hint: options.hint,
        columns: out.columns(),
        rows: out.rows(),
        now: clock.now(),
        paint,
      }).join('\n'),
    );
  };
  let closedAt: number | null = null;
  const isSettled = ({ inFlight }: Progress): boolean => {
    closedAt ??= clock.now().getTime();
    return inFlight.length === 0 || clock.now().getTime() - closedAt > settleMilliseconds;
  };
  const ended = (): ShownEnd['why'] | null => {
    const { progress } = live.model();
    if (progress && !isOpenCampaign(progress)) return isSettled(progress) ? 'ended' : null;
    if (
      progress?.state === 'paused' &&
      (pausedByItself || progress.capped || progress.denied) &&
      !options.waitWhilePaused
    )
      return 'paused';
    return null;
  };
  // The documents may be ahead of the journal's reader: its last line is waited for.
  const lastEvent = async () => {
    const told = () => live.model().events.some(({ type }) => type === catalogue.campaignChanged.type);
    for (let waited = 0; !told() && waited < lastEventMilliseconds; waited += 50) await sleep(50);
  };
  // With the servers away a refresh takes seconds, in which the person and the end of the stack are looked after.
  const refreshed = async (): Promise<'interrupted' | 'gone' | null> => {
    let done = false;
    const refresh = live.refresh().finally(() => {
      done = true;
    });
    while (!done) {
      await Promise.race([refresh, sleep(lookMilliseconds)]);
      if (done) break;
      if (interrupt.aborted) return 'interrupted';
      if (options.gone()) return 'gone';
    }
    return options.gone() && live.model().trouble ? 'gone' : null;
  };
  try {
    for (;;) {
      const heard = unwritten.length;
      const broken = await refreshed();
      if (broken) return { why: broken, progress: live.model().progress };
      draw(heard);
      const why = ended();
      if (why) {
        await lastEvent();
        draw(unwritten.length);
        // What is written next says it all again, and more.
        if (why === 'ended') update?.clear();
        return { why, progress: live.model().progress };
      }
      if (interrupt.aborted) return { why: 'interrupted', progress: live.model().progress };
      await sleep(update ? redrawMilliseconds : plainMilliseconds, undefined, { signal: interrupt }).catch(
        () => undefined,
      );
    }
  } finally {
    await live.stop();
    update?.done();
  }
}
