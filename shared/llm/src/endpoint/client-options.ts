import { guardedFetch } from './guarded-fetch.ts';
import { longestTimer } from './longest-timer.ts';
import type { Endpoint } from './resolve-endpoint.ts';

// The SDK stops later than we do, so that ours is the reason that is told.
const graceMilliseconds = 5000;

/** The SDK, set up so that nothing is sent that the settings do not say. */
export const clientOptions = ({ url }: Endpoint, requestSeconds: number, mostBytes: number) => ({
  baseURL: url,
  timeout: Math.min(requestSeconds * 1000 + graceMilliseconds, longestTimer),
  // Null: not what OPENAI_ORGANIZATION or OPENAI_PROJECT_ID say, which are nothing to another provider.
  organization: null,
  project: null,
  logLevel: 'off' as const,
  fetch: guardedFetch(mostBytes),
});
