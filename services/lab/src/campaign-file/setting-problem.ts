import type { Path } from './parse-yaml.ts';

/** What is wrong with a value that the schema allows. */
export type SettingProblem = { readonly path: Path; readonly text: string };
