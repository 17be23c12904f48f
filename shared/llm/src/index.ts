export type * from './thinker.ts';
