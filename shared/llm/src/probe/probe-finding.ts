export type Capability =
  | 'answer'
  | 'streaming'
  | 'structured output'
  | 'usage figures'
  | 'context length'
  | 'embedding';

/** What a probe of a model found of one thing it must do. */
export type ProbeFinding = {
  readonly capability: Capability;
  /** `unknown`: the endpoint does not tell. */
  readonly verdict: 'works' | 'fails' | 'unknown';
  readonly detail: string;
  /** What to set; empty when nothing is to be done. */
  readonly advice: string;
};
