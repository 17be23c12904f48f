import { type EmbeddingModel, isAsiError } from '@asi/contracts';
import { embeddingRemedies } from '../embedding/create-embed.ts';
import { readVector } from '../embedding/read-vector.ts';
import { requestVector } from '../embedding/request-vector.ts';
import { failureOf } from '../endpoint/failure-of.ts';
import { type Environment, resolveEndpoint } from '../endpoint/resolve-endpoint.ts';
import { withoutForeignSettings } from '../without-foreign-settings.ts';
import type { ProbeFinding } from './probe-finding.ts';

type Probe = { readonly model: EmbeddingModel; readonly env: Environment; readonly signal: AbortSignal };

const text = 'a second state that decays slowly';

/**
 * Tries what the laboratory needs of a model of embeddings, with one small real request; nothing goes through the ledger.
 * @throws terminal as `resolveEndpoint`; cancelled when the signal aborts
 */
export async function probeEmbedding({ model: settings, env, signal }: Probe): Promise<ProbeFinding> {
  withoutForeignSettings(process.env);
  const endpoint = resolveEndpoint(settings, env);
  const found = (verdict: ProbeFinding['verdict'], detail: string, advice = ''): ProbeFinding => ({
    capability: 'embedding',
    verdict,
    detail,
    advice,
  });
  try {
    const answer = await requestVector({ endpoint, settings, text }, signal);
    const read = readVector(answer, settings.dimensions);
    if (!read.good)
      return found('fails', `${endpoint.modelName} at ${endpoint.url} gives nothing to compare with: ${read.problem}`);
    const tokens = answer.usage
      ? `${answer.usage.input} tokens in`
      : 'tokens are not reported, or not so that they can be used';
    return found('works', `${endpoint.modelName} at ${endpoint.url}: ${read.vector.length} numbers, ${tokens}`);
  } catch (error) {
    if (isAsiError(error) && error.kind === 'cancelled') throw error;
    const remedies = embeddingRemedies(endpoint, settings);
    return found('fails', failureOf(error, { endpoint, remedies }).message);
  }
}
