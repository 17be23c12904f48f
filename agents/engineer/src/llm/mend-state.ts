import type { Revision } from '@asi/contracts';
import type { ChatMessage, Thinker } from '@asi/llm';
import { Annotation } from '@langchain/langgraph';
import type { FailedTraining, Mending, ProgramText } from '../mind.ts';
import type { MendAnswer } from './answers.ts';

/** A changed program on its way through the checks. */
export type Draft = {
  readonly program: ProgramText;
  readonly reason: string;
  readonly proof: Pick<Revision, 'certificateHash' | 'parameters' | 'flopsPerToken' | 'flags'> | null;
  readonly programHash: string;
  readonly fingerprint: number[][];
};

const list = <Item>() => Annotation<Item[]>({ reducer: (known, more) => [...known, ...more], default: () => [] });
const count = () => Annotation<number>({ reducer: (known, more) => known + more, default: () => 0 });

/** What the graph knows of one failed training; kept nowhere, because ledger and runner give all of it again. */
export const MendState = Annotation.Root({
  failed: Annotation<FailedTraining>,
  thinker: Annotation<Thinker>,
  /** What was said after the opening: answers of the model, and what came of each. */
  turns: list<ChatMessage>(),
  calls: list<string>(),
  /** What the prompts had no room for, each once. */
  remarks: Annotation<string[]>({
    reducer: (known, more) => [...new Set([...known, ...more])],
    default: () => [],
  }),
  questions: count(),
  probes: count(),
  /** Edits that fitted nowhere. */
  misfits: count(),
  /** Revisions that were turned down, and requests that could not be met. */
  refusals: count(),
  answer: Annotation<MendAnswer>,
  draft: Annotation<Draft | null>({ reducer: (_, next) => next, default: () => null }),
  complaint: Annotation<string>({ reducer: (_, next) => next, default: () => '' }),
  mending: Annotation<Mending | null>({ reducer: (_, next) => next, default: () => null }),
});
export type MendState = typeof MendState.State;
export type MendUpdate = typeof MendState.Update;
