import { type LanguageModel, paused, replayAddress, terminal } from '@asi/contracts';
import { isPrivateAddress } from './private-address.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where a model is asked, and as whom. */
export type Endpoint = {
  /** Up to and with /v1, without a slash at the end. */
  readonly url: string;
  /** As the endpoint calls it. */
  readonly modelName: string;
  readonly apiKey: string;
  /** The variable that holds the key, for messages that speak of it. */
  readonly keyVariable: string;
  /** The text without the key. Whatever came from the endpoint goes through this before it is kept or shown. */
  readonly withoutKey: (text: string) => string;
};

const publicEndpoint = 'https://api.openai.com/v1';
const placeholderKey = 'none';
// What is shorter is no secret but a word such as EMPTY, which a program may well hold.
const shortestSecret = 12;

/**
 * Which model is meant: all that the ledger needs to find an answer again.
 * @throws terminal `model-not-configured` when neither the settings nor the environment say
 */
export function modelNameOf(settings: Pick<LanguageModel, 'model'>, environment: Environment): string {
  const name = settings.model ?? environment.ASI_MODEL?.trim();
  if (name) return name;
  throw terminal('model-not-configured', 'no language model is named: set models.common.model or ASI_MODEL');
}

/**
 * Completes settings by the environment.
 * @throws terminal `model-not-configured` (no model named, or no usable address) and `model-key-missing`; paused `not-on-record` in
 * a replay, where no model is asked
 */
export function resolveEndpoint(
  settings: Pick<LanguageModel, 'baseUrl' | 'model' | 'apiKeyVariable'>,
  environment: Environment,
): Endpoint {
  const modelName = modelNameOf(settings, environment);
  if (settings.baseUrl === replayAddress)
    throw paused(
      'not-on-record',
      'a replay asks no model, and the record has no answer to this question: see where asi replay says that it parts',
    );
  const url = addressOf(settings.baseUrl ?? (environment.OPENAI_BASE_URL?.trim() || publicEndpoint));
  const keyVariable = settings.apiKeyVariable;
  const key = environment[keyVariable]?.trim();
  if (!key && !isPrivateAddress(url))
    throw terminal(
      'model-key-missing',
      `${keyVariable} is not set, and ${url} needs a key: set it in the environment, or choose a server of your own by OPENAI_BASE_URL or models.*.baseUrl`,
    );
  return {
    url,
    modelName,
    apiKey: key || placeholderKey,
    keyVariable,
    withoutKey: (text) => (key && key.length >= shortestSecret ? without(key, `[${keyVariable}]`, text) : text),
  };
}

/** Text without a secret, also where it is written with the escapes of JSON, which whoever reads it takes away. */
function without(secret: string, instead: string, text: string): string {
  const plain = text.replaceAll(/\\u00([2-7][0-9a-f])/gi, (written, hex: string) => {
    const letter = String.fromCharCode(Number.parseInt(hex, 16));
    return letter === '"' || letter === '\\' || letter === '\u007f' ? written : letter;
  });
  return (plain.includes(secret) ? plain : text).replaceAll(secret, instead);
}

function addressOf(text: string): string {
  // The text itself is not repeated: it may hold a password.
  const problem = (what: string) =>
    terminal(
      'model-not-configured',
      `the address of the language model ${what}: set OPENAI_BASE_URL or models.*.baseUrl`,
    );
  if (!URL.canParse(text)) throw problem('is no URL');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw problem('must begin with https:// or http://');
  if (url.username || url.password) throw problem('must not hold a password');
  if (url.search || url.hash) throw problem('must end with its path, for example /v1');
  return url.href.replace(/\/+$/, '');
}
