import { isAsiError, type LanguageModel } from '@asi/contracts';
import { chatRemedies } from '../endpoint/chat-call.ts';
import { failureOf } from '../endpoint/failure-of.ts';
import type { ModelAnswer } from '../endpoint/model-answer.ts';
import { requestOnce } from '../endpoint/request-once.ts';
import { type Endpoint, type Environment, resolveEndpoint } from '../endpoint/resolve-endpoint.ts';
import { readAnswer } from '../shape/read-answer.ts';
import { askFor } from '../shape/response-format.ts';
import { withoutForeignSettings } from '../without-foreign-settings.ts';
import type { Capability, ProbeFinding } from './probe-finding.ts';
import { probeShape } from './probe-shape.ts';
import { toldContext } from './told-context.ts';

type Probe = { readonly model: LanguageModel; readonly env: Environment; readonly signal: AbortSignal };
type Method = LanguageModel['structuredOutput'];
/** Pieces: in which a streamed answer came. */
type Tried = { readonly answer: ModelAnswer; readonly pieces: number } | { readonly problem: string };

const methods: readonly Method[] = ['json-schema', 'json-object', 'prompt'];
// Room for a model that reasons before it says one word.
const mostOutputTokens = 16_000;

const shape = 'sum_of_numbers';
const question =
  'Add the numbers 2, 3 and 7. Tell the numbers, their sum, its parity and whether it is a prime number; and as what comes next halve an even sum, or leave an odd one and say why.';
const lengthOfDetail = 200;

/**
 * Tries what the laboratory needs of a model, with one small real request for each (and one more for each weaker way to ask
 * for structured output that has to be tried). Each is sent once; nothing goes through the ledger.
 * @throws terminal as `resolveEndpoint`; cancelled when the signal aborts
 */
export async function probeModel({ model, env, signal }: Probe): Promise<readonly ProbeFinding[]> {
  withoutForeignSettings(process.env);
  const endpoint = resolveEndpoint(model, env);
  const attempt = (changes: Partial<LanguageModel>, method: Method | null) =>
    tryOnce(endpoint, { ...model, ...changes }, method, signal);

  const plain = await attempt({ streaming: false }, null);
  const answered = answerFinding(plain, endpoint);
  if ('problem' in plain) return [answered];
  const streamed = await attempt({ streaming: true }, null);
  const streaming = model.streaming && 'answer' in streamed;
  const works = (method: Method) => attempt({ streaming, structuredOutput: method }, method);
  const structured = await works(model.structuredOutput);
  return [
    answered,
    streamingFinding(streamed, model),
    'answer' in structured
      ? finding('structured output', 'works', `by ${model.structuredOutput}`)
      : await weakerMethod(model.structuredOutput, structured.problem, works),
    usageFinding(streaming ? streamed : plain),
    contextFinding(await toldContext(endpoint, signal), model),
  ];
}

const finding = (
  capability: Capability,
  verdict: ProbeFinding['verdict'],
  detail: string,
  advice = '',
): ProbeFinding => ({ capability, verdict, detail, advice });

async function tryOnce(
  endpoint: Endpoint,
  settings: LanguageModel,
  method: Method | null,
  signal: AbortSignal,
): Promise<Tried> {
  const asked = method === null ? null : askFor(shape, probeShape, method);
  const request = {
    endpoint,
    settings,
    messages: [{ role: 'user' as const, content: [question, asked?.instruction ?? ''].join('\n\n').trim() }],
    responseFormat: asked?.responseFormat ?? null,
    maxOutputTokens: Math.min(settings.maxOutputTokens, mostOutputTokens),
  };
  try {
    let pieces = 0;
    const answer = await requestOnce(request, signal, () => pieces++);
    if (answer.refusal !== null) return { problem: `the model declines: ${answer.refusal}` };
    const read = method === null ? null : readAnswer(answer.content, probeShape);
    if (read && !read.good) return { problem: `${read.problem} (it said: ${answer.content.slice(0, lengthOfDetail)})` };
    if (answer.content.trim() === '') return { problem: emptyAnswer(answer, request.maxOutputTokens) };
    return { answer, pieces };
  } catch (error) {
    if (isAsiError(error) && error.kind === 'cancelled') throw error;
    const failure = failureOf(error, { endpoint, remedies: chatRemedies(endpoint, settings) });
    return { problem: failure.message };
  }
}

const emptyAnswer = ({ finishReason }: ModelAnswer, most: number): string =>
  finishReason === 'length'
    ? `nothing was answered within ${most} tokens, which it may have spent on reasoning: set reasoningEffort: low, or a larger maxOutputTokens where that is less than ${mostOutputTokens}`
    : `an empty answer (it ended with: ${finishReason})`;

function answerFinding(tried: Tried, { modelName, url }: Endpoint): ProbeFinding {
  if ('problem' in tried) return finding('answer', 'fails', tried.problem);
  const { model } = tried.answer;
  return finding(
    'answer',
    'works',
    `${modelName} at ${url}${model && model !== modelName ? `, which calls it ${model}` : ''}`,
  );
}

function streamingFinding(tried: Tried, { streaming }: LanguageModel): ProbeFinding {
  if ('answer' in tried && tried.pieces === 1)
    return finding(
      'streaming',
      'unknown',
      'the whole answer came in one piece: a stall in the midst of one is not noticed before its time is up',
      streaming ? 'set streaming: false, if that is so with every answer' : '',
    );
  if ('answer' in tried) return finding('streaming', 'works', streaming ? 'and is used' : 'and is not used');
  return finding('streaming', streaming ? 'fails' : 'unknown', tried.problem, streaming ? 'set streaming: false' : '');
}

async function weakerMethod(
  configured: Method,
  problem: string,
  works: (method: Method) => Promise<Tried>,
): Promise<ProbeFinding> {
  for (const method of methods.slice(methods.indexOf(configured) + 1)) {
    if ('answer' in (await works(method)))
      return finding(
        'structured output',
        'fails',
        `not by ${configured}, but by ${method}: ${problem}`,
        `set structuredOutput: ${method}`,
      );
  }
  return finding('structured output', 'fails', `by none of the ways: ${problem}`, 'choose another model');
}

function usageFinding(tried: Tried): ProbeFinding {
  const { usage, unusableUsage }: Partial<ModelAnswer> = 'answer' in tried ? tried.answer : {};
  if (!usage)
    return finding(
      'usage figures',
      'unknown',
      unusableUsage === undefined
        ? 'the endpoint does not report them'
        : `what the endpoint reports cannot be used: ${unusableUsage}`,
      'what calls cost cannot be told, and caps of spending count each call with the most it can take',
    );
  const { input, cached, output, reasoning } = usage;
  return finding('usage figures', 'works', `${input} in (${cached} cached), ${output} out (${reasoning} reasoning)`);
}

function contextFinding(
  { tokens, detail }: Awaited<ReturnType<typeof toldContext>>,
  { contextTokens, maxOutputTokens }: LanguageModel,
): ProbeFinding {
  if (tokens === null) return finding('context length', 'unknown', `${detail}; contextTokens is ${contextTokens}`);
  return tokens < contextTokens
    ? finding(
        'context length',
        'fails',
        `${detail}, less than contextTokens (${contextTokens})`,
        tokens > maxOutputTokens
          ? `set contextTokens: ${tokens}`
          : `set contextTokens: ${tokens}, and maxOutputTokens below it: ${Math.floor(tokens / 4)}, say`,
      )
    : finding('context length', 'works', detail);
}
