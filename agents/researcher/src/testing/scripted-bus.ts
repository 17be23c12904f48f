import type { Bus, Definition } from '@asi/bus';
import {
  type CallRecord,
  type ComponentEffect,
  callRecordSchema,
  type Envelope,
  hashText,
  type Insight,
  type Paper,
  type ReplyOf,
  type RequestOf,
} from '@asi/contracts';

export type ScriptedHouse = {
  readonly insights?: readonly Insight[];
  /** What the analyst estimates when it is asked. */
  readonly effects?: readonly ComponentEffect[];
  readonly papers?: readonly Paper[];
  /** What the archive says of a fingerprint; by default that it is new. */
  readonly novelty?: (question: RequestOf<'checkNovelty'>) => ReplyOf<'checkNovelty'>;
};

export type Told = { readonly definition: Definition; readonly experimentId: string | null; readonly data: unknown };

/** A bus whose peers answer by a script: artifacts and calls of models are kept, every paper is found, the journal is what was told before. */
export function scriptedBus(
  { insights = [], effects = [], papers = [], novelty }: ScriptedHouse = {},
  journal: Told[] = [],
) {
  const artifacts = new Map<string, string>();
  const calls = new Map<string, CallRecord>();
  const registered: string[] = [];
  const baselines: Array<RequestOf<'registerBaseline'>> = [];
  const published: Array<{ type: string; data: unknown }> = [];
  const searched: string[] = [];
  const answer = (name: string, request: never): unknown => {
    switch (name) {
      case 'putArtifact': {
        const { body } = request as RequestOf<'putArtifact'>;
        const hash = hashText(body);
        artifacts.set(hash, body);
        return { hash };
      }
      case 'getArtifact': {
        const { hash } = request as RequestOf<'getArtifact'>;
        return { body: artifacts.get(hash) ?? null, mediaType: '' };
      }
      case 'recallInsights':
        return { ready: true, insights };
      case 'componentEffects':
        return { effects };
      case 'searchPapers':
        searched.push((request as RequestOf<'searchPapers'>).query);
        return { hits: papers.map((paper) => ({ paper, score: 1, matched: [] })) };
      case 'checkNovelty': {
        const question = request as RequestOf<'checkNovelty'>;
        const reply = novelty?.(question) ?? { twinOf: null, similarity: 0, nearest: null };
        if (question.register && reply.twinOf === null) registered.push(question.programHash);
        return reply;
      }
      case 'registerBaseline':
        baselines.push(request);
        return { registered: true };
      case 'registerRevision':
        return { registered: true };
      case 'openCall': {
        const { call } = request as RequestOf<'openCall'>;
        const known = calls.get(call._id);
        if (known?.state === 'answered') return { kind: 'answered', call: known };
        calls.set(call._id, opened(call));
        return { kind: 'go' };
      }
      case 'closeCall': {
        const { _id, opening: _opening, ...end } = request as RequestOf<'closeCall'>;
        const state = end.answerHash === null ? 'failed' : 'answered';
        const closed = callRecordSchema.parse({ ...calls.get(_id), ...end, state });
        calls.set(_id, closed);
        return { call: closed };
      }
      default:
        throw new Error(`nobody answers ${name}`);
    }
  };
  const subjectOf = ({ definition, experimentId }: Told) =>
    ['asi', definition.kind, definition.owner, definition.name, experimentId ?? 'none'].join('.');
  const bus = {
    request: async (name: string, request: never) => answer(name, request),
    publish: async (definition: Definition, { data }: { data: unknown }) => {
      published.push({ type: definition.type, data: definition.data.parse(data) });
    },
    isOnRecord: async (definition: Definition, experimentId: string) =>
      journal.some((told) => told.definition.type === definition.type && told.experimentId === experimentId),
    newestOnRecord: async () => null,
    journal: async function* ({ filters = [], fromSequence = 1 }: { filters?: string[]; fromSequence?: number }) {
      for (const [index, told] of journal.entries()) {
        const subject = subjectOf(told);
        if (index + 1 < fromSequence) continue;
        if (!filters.some((one) => one === subject || (one.endsWith('.*') && subject.startsWith(one.slice(0, -1)))))
          continue;
        const envelope = { type: told.definition.type, data: told.definition.data.parse(told.data) } as Envelope;
        yield { sequence: index + 1, subject, storedAt: '', envelope, problem: null };
      }
    },
  } as unknown as Bus;
  return { bus, artifacts, calls, registered, baselines, published, searched, journal };
}

const opened = (call: RequestOf<'openCall'>['call']): CallRecord =>
  callRecordSchema.parse({
    ...call,
    state: 'open',
    openings: 1,
    answerHash: null,
    usage: null,
    reserved: 0,
    dollars: null,
    seconds: 0,
    retries: 0,
    error: null,
    openedAt: '',
    closedAt: null,
  });
