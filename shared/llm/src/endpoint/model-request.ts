import type { Endpoint } from './resolve-endpoint.ts';

/** What a person can change where an endpoint refuses a request, as far as that depends on what was asked. */
export type Remedies = {
  /** What the endpoint should be, for example `one of chat completions`. */
  readonly protocol: string;
  readonly tooLong: string;
  /** Whether a refusal that is not for length would meet every request alike, because nothing else differs between them. */
  readonly alike: boolean;
};

/** A request to a model of any kind, and how persistently it is made. */
export type ModelRequest<Answer> = {
  readonly endpoint: Endpoint;
  readonly retries: number;
  readonly remedies: Remedies;
  /**
   * What it shares with other questions, the model and its settings: a refusal of these meets them all. Null: nothing else is
   * asked in this way.
   */
  readonly manner: string | null;
  /** What is asked, the same for all askings of it. */
  readonly question: string;
  /** Sends it once. Throws as `requestOnce`. */
  readonly send: (signal: AbortSignal) => Promise<Answer>;
};
