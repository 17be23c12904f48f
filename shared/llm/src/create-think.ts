import { randomUUID } from 'node:crypto';
import type { Bus } from '@asi/bus';
import { type Clock, type EndpointWait, isAsiError, type Random, terminal } from '@asi/contracts';
import { type AskTools, askModel, type Call, tokensOf } from './ask-model.ts';
import { withCalls } from './calls-of.ts';
import { circuitBreakers } from './endpoint/circuit-breakers.ts';
import type { ModelAnswer } from './endpoint/model-answer.ts';
import { createRejections } from './endpoint/rejections.ts';
import type { Log } from './endpoint/request-with-retries.ts';
import { type Environment, modelNameOf, resolveEndpoint } from './endpoint/resolve-endpoint.ts';
import { estimateTokens } from './history/estimate-tokens.ts';
import { longestPart } from './history/longest-part.ts';
import { roomBeside } from './history/room-beside.ts';
import { readAnswer } from './shape/read-answer.ts';
import { repairMessages } from './shape/repair-messages.ts';
import type { Purpose, Question, Think, Thought } from './thinker.ts';
import { withoutForeignSettings } from './without-foreign-settings.ts';

export type ThinkTools = {
  readonly bus: Pick<Bus, 'request'>;
  readonly env: Environment;
  readonly clock: Clock;
  readonly random: Pick<Random, 'next'>;
  readonly log?: Log;
  /** Makes ids that no other process makes. */
  readonly newId?: () => string;
  /** Whether anybody still waits for this attempt: asked before each request, which is not sent else. Without it: always. */
  readonly isWanted?: (purpose: Omit<Purpose, 'model'>) => Promise<boolean>;
  /** Where a process says which endpoints it waits for. */
  readonly waits?: { watch(look: () => readonly EndpointWait[]): void };
};

/** Makes the thinkers of a process. Once per process: what one of them learns of an endpoint's health, all know. From then on the process sends nothing to LangSmith, and no headers of OPENAI_CUSTOM_HEADERS. */
export function createThink({ bus, env, clock, random, log, newId = randomUUID, isWanted, waits }: ThinkTools): Think {
  withoutForeignSettings(process.env);
  const breakers = circuitBreakers(clock);
  waits?.watch(breakers.waits);
  const rejections = createRejections();
  return (purpose, signal) => ({
    ask: async (question) => {
      const modelName = modelNameOf(purpose.model, env);
      const connect = () => {
        const endpoint = resolveEndpoint(purpose.model, env);
        return { endpoint, breaker: breakers.of(endpoint.url) };
      };
      const isStillWanted = async () => (await isWanted?.(purpose)) ?? true;
      return think(
        question,
        { bus, clock, newId, random, log, rejections, purpose, modelName, connect, isStillWanted },
        signal,
      );
    },
  });
}

async function think<Answer>(
  question: Question<Answer>,
  tools: AskTools,
  signal: AbortSignal,
): Promise<Thought<Answer>> {
  const calls: string[] = [];
  try {
    return { answer: await answerTo(question, tools, calls, signal), calls };
  } catch (error) {
    throw withCalls(error, calls);
  }
}

/** A question, with a longer try when its answer is cut off, and one repair when it cannot be used; each answered call is put down in `calls`. */
async function answerTo<Answer>(
  question: Question<Answer>,
  tools: AskTools,
  calls: string[],
  signal: AbortSignal,
): Promise<Answer> {
  const { model: settings } = tools.purpose;
  const say = async (call: Call): Promise<ModelAnswer> => {
    const { key, answer } = await askModel(call, tools, signal);
    calls.push(key);
    if (answer.refusal !== null || answer.finishReason === 'content_filter') throw refused(tools, answer);
    return answer;
  };

  let call: Call = { ...question, maxOutputTokens: settings.maxOutputTokens };
  let answer = await say(call);
  if (isTruncated(answer)) {
    const room = settings.contextTokens - tokensOf(call.messages);
    const longer = Math.min(2 * call.maxOutputTokens, room);
    if (longer <= call.maxOutputTokens) throw truncated(tools, call);
    call = { ...call, node: `${question.node}:longer`, maxOutputTokens: longer };
    const cutOff = truncated(tools, { ...call, maxOutputTokens: settings.maxOutputTokens });
    answer = await say(call).catch((error: unknown) => {
      // The endpoint has no longer answers than the one that was cut off.
      throw isAsiError(error) && error.code === 'model-rejected' ? cutOff : error;
    });
    if (isTruncated(answer)) throw truncated(tools, call);
  }
  let read = readAnswer(answer.content, question.schema);
  if (!read.good) {
    const { problem } = read;
    const shown = (content: string) => repairMessages(question.messages, content, problem);
    const room = roomBeside(settings, { ...question, messages: shown('') });
    const messages = shown(longestShown(answer.content, room));
    call = { ...call, node: `${question.node}:repair`, messages };
    answer = await say(call);
    if (isTruncated(answer)) throw truncated(tools, call);
    read = readAnswer(answer.content, question.schema);
  }
  if (!read.good)
    throw terminal(
      'model-answer-invalid',
      `${tools.modelName} gave no ${question.shape}, also when shown what was wrong: ${read.problem}`,
    );
  return read.answer;
}

/** The answer as it is shown again: as a whole, or its beginning where the context is too short; at the least a glimpse of it. */
function longestShown(content: string, room: number): string {
  if (estimateTokens(content) <= room) return content;
  const most = Math.max(room, leastShown);
  return longestPart(content, 'beginning', (part) => estimateTokens(part) <= most);
}

const leastShown = 200;

const isTruncated = ({ finishReason }: ModelAnswer): boolean => finishReason === 'length';

const refused = ({ modelName }: AskTools, { refusal }: ModelAnswer) =>
  terminal(
    'model-refused',
    `${modelName} declines: ${refusal ?? 'the filter of the endpoint cut the answer'}`.slice(0, 500),
  );

const truncated = ({ modelName }: AskTools, { maxOutputTokens }: Call) =>
  terminal(
    'model-truncated',
    `${modelName} came to no end within ${maxOutputTokens} tokens: raise maxOutputTokens (and contextTokens), or lower reasoningEffort`,
  );
