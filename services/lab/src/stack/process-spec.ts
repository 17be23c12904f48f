/** How the supervisor learns that a process it has started does its work. */
export type Readiness =
  /** As soon as it runs. */
  | { readonly kind: 'spawned' }
  /** When it logs this message; or, if `assumedAfterMilliseconds` is given, when it has lived that long. */
  | { readonly kind: 'log'; readonly message: string; readonly assumedAfterMilliseconds?: number }
  /** When it has written its address to this file. */
  | { readonly kind: 'file'; readonly path: string };

/** A process of the house, as data. */
export interface ProcessSpec {
  /** Unique; names the log file too. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly readiness: Readiness;
  /** Whether it gives signs of life from its start on. */
  readonly pulse: boolean;
  /** `servers` are started first, and the house waits until they are ready; they are stopped last. */
  readonly stage: 'servers' | 'house';
  /** Where it is reached, if that is known before it writes its address. */
  readonly url?: string;
}
