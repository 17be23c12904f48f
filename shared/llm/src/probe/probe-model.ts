import type { LanguageModel } from '@asi/contracts';
import type { ModelAnswer } from '../endpoint/model-answer.ts';
import { type Endpoint, type Environment, resolveEndpoint } from '../endpoint/resolve-endpoint.ts';
import { withoutForeignSettings } from '../without-foreign-settings.ts';
import type { Capability, ProbeFinding } from './probe-finding.ts';
import { toldContext } from './told-context.ts';
import { type Method, type Problem, type Tried, tryRequest } from './try-request.ts';

type Probe = { readonly model: LanguageModel; readonly env: Environment; readonly signal: AbortSignal };
const methods: readonly Method[] = ['json-schema', 'json-object', 'prompt'];

/**
 * Tries what the laboratory needs of a model, with one small real request for each (and one more for each weaker way to ask
 * for structured output that has to be tried). Each is sent once, and once more where the endpoint could not serve it; nothing
 * goes through the ledger.
 * @throws terminal as `resolveEndpoint`; cancelled when the signal aborts
 */
export async function probeModel({ model, env, signal }: Probe): Promise<readonly ProbeFinding[]> {
  withoutForeignSettings(process.env);
  const endpoint = resolveEndpoint(model, env);
  const attempt = (changes: Partial<LanguageModel>, method: Method | null) =>
    tryRequest(endpoint, { ...model, ...changes }, method, signal);

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
      : await withoutStructure(model.structuredOutput, structured, works),
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

function answerFinding(tried: Tried, { modelName, url }: Endpoint): ProbeFinding {
  if ('problem' in tried) return finding('answer', 'fails', tried.problem, tried.advice);
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
  if (tried.kind !== 'lacking') return finding('streaming', 'unknown', tried.problem, tried.advice);
  return finding('streaming', streaming ? 'fails' : 'unknown', tried.problem, streaming ? 'set streaming: false' : '');
}

async function withoutStructure(
  configured: Method,
  { kind, problem, advice }: Problem,
  works: (method: Method) => Promise<Tried>,
): Promise<ProbeFinding> {
  const found = (verdict: ProbeFinding['verdict'], detail: string, what: string) =>
    finding('structured output', verdict, detail, what);
  if (kind === 'passing') return found('unknown', problem, advice);
  if (kind === 'cut-off') return found('fails', problem, advice);
  for (const method of methods.slice(methods.indexOf(configured) + 1)) {
    const tried = await works(method);
    if ('answer' in tried)
      return found('fails', `not by ${configured}, but by ${method}: ${problem}`, `set structuredOutput: ${method}`);
    // Then the ways are not all tried, and the model may be good enough.
    if (tried.kind !== 'lacking')
      return found(
        'fails',
        `not by ${configured}: ${problem}; by ${method} it is not known: ${tried.problem}`,
        tried.advice,
      );
  }
  return found('fails', `by none of the ways: ${problem}`, 'choose another model');
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
