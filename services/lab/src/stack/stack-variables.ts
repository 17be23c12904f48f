import type { StackDescription } from './stack-file.ts';

const pattern = /^[A-Z][A-Z0-9_]*$/;

/** Which variables are set in an environment. Names only: what is kept on disk must hold no key. */
export const variablesOf = (env: NodeJS.ProcessEnv): string[] =>
  Object.keys(env)
    .filter((name) => pattern.test(name) && env[name]?.trim())
    .sort();

/**
 * The environment of a running stack as far as it is known, for the question whether something is missing in it: what is
 * set has a value that stands for the real one, and where an address is set it is one that needs no key. Null when nothing is known of it.
 */
export function environmentOfStack({ variables }: Pick<StackDescription, 'variables'>): NodeJS.ProcessEnv | null {
  if (variables === null) return null;
  return Object.fromEntries(
    variables.map((name) => [name, name === 'OPENAI_BASE_URL' ? 'http://127.0.0.1/v1' : 'set']),
  );
}

/** What to do about it: processes keep the environment of their start. */
export const startedOtherwise =
  'the processes that run were started without it: asi down, set it, and start them again';
