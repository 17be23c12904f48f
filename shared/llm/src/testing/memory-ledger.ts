import type { Bus } from '@asi/bus';
import { type ArtifactHash, type CallRecord, hashText, type RequestOf } from '@asi/contracts';

type OpenRequest = RequestOf<'openCall'>;
export type MemoryLedger = {
  readonly bus: Pick<Bus, 'request'>;
  readonly calls: ReadonlyMap<string, CallRecord>;
  /** Bodies of all artifacts, by hash. */
  readonly artifacts: ReadonlyMap<string, string>;
  readonly opened: readonly OpenRequest[];
  readonly closed: readonly RequestOf<'closeCall'>[];
  readonly bodyOf: (hash: string | null | undefined) => { [field: string]: unknown };
  /** Why no call may be begun; null: it may. */
  cap: string | null;
  /** How often it is told to wait, before it may begin. */
  turns: number;
  /** How many calls it says have ended, while it tells to wait. */
  ended: number;
};

/** What a thinker asks of the archive, in memory: for tests of the thinker alone. */
export function memoryLedger(): MemoryLedger {
  const calls = new Map<string, CallRecord>();
  const artifacts = new Map<string, string>();
  const opened: OpenRequest[] = [];
  const closed: RequestOf<'closeCall'>[] = [];
  const openings = new Map<string, { readonly opening: string; readonly told: number }>();

  const open = (request: OpenRequest) => {
    opened.push(request);
    const { call, atMost } = request;
    const known = calls.get(call._id);
    if (known?.state === 'answered') return { kind: 'answered', call: known };
    const { opening, brokenOff: told = 0 } = request;
    const last = openings.get(call._id);
    const further = last?.opening === opening;
    if (ledger.cap && !(further && told === last.told)) return { kind: 'capped', cap: 'campaign', why: ledger.cap };
    if (ledger.turns > 0) {
      ledger.turns--;
      return { kind: 'wait', ended: ledger.ended };
    }
    const lost = known?.state === 'open' ? 1 : 0;
    const record: CallRecord = {
      ...call,
      state: 'open',
      openings: (known?.openings ?? 0) + (further ? 0 : 1),
      answerHash: null,
      usage: null,
      reserved: atMost.input + atMost.output,
      dollars: null,
      seconds: 0,
      retries: 0,
      brokenOff: (known?.brokenOff ?? 0) + (further ? told - last.told : lost),
      error: null,
      refusal: known?.refusal ?? null,
      openedAt: 'then',
      closedAt: null,
    };
    calls.set(call._id, record);
    openings.set(call._id, { opening, told });
    return { kind: 'go', ...(record.refusal && { refusal: record.refusal }) };
  };

  const close = ({ _id, denied: _denied, opening: _opening, ...end }: RequestOf<'closeCall'>) => {
    const known = calls.get(_id);
    if (!known) throw new Error(`${_id} was not opened`);
    const record: CallRecord =
      known.state === 'open'
        ? {
            ...known,
            ...end,
            refusal: end.refusal ?? null,
            brokenOff: known.brokenOff + end.brokenOff,
            state: end.answerHash ? 'answered' : 'failed',
            reserved: 0,
            closedAt: 'now',
          }
        : known;
    calls.set(_id, record);
    return { call: record };
  };

  const answer = (name: string, request: unknown): unknown => {
    if (name === 'putArtifact') {
      const { body } = request as RequestOf<'putArtifact'>;
      artifacts.set(hashText(body), body);
      return { hash: hashText(body) };
    }
    if (name === 'getArtifact')
      return { body: artifacts.get((request as { hash: ArtifactHash }).hash) ?? null, mediaType: 'application/json' };
    if (name === 'openCall') return open(request as OpenRequest);
    if (name === 'closeCall') {
      closed.push(request as RequestOf<'closeCall'>);
      return close(request as RequestOf<'closeCall'>);
    }
    throw new Error(`a thinker has no business with ${name}`);
  };

  const ledger: MemoryLedger = {
    bus: { request: async (name, request) => answer(name, request) as never },
    calls,
    artifacts,
    opened,
    closed,
    bodyOf: (hash) => JSON.parse(artifacts.get(hash ?? '') ?? 'null'),
    cap: null,
    turns: 0,
    ended: 0,
  };
  return ledger;
}
