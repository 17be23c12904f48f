/** What a prompt file must be for the code that asks its question. */
export type PromptForm<Gap extends string = string> = {
  readonly gaps: readonly Gap[];
  /**
   * Where the gaps of a file stand that has the two parts `# system` and `# user`: some under `# system`, some under `# user`
   * alone, the others in either. Null: it is one message of a longer conversation.
   */
  readonly parts: { readonly system: readonly string[]; readonly user: readonly string[] } | null;
};

/**
 * What others wrote is no word of the laboratory, so it stands in the part of the user, below what says how material is to be
 * read. What is the laboratory's own (limits, lists) may stand where it reads best.
 */
const question = <const Material extends string, const Own extends string = never>(
  material: readonly Material[],
  own: readonly Own[] = [],
): PromptForm<Material | Own | 'dataConvention'> => ({
  gaps: [...material, ...own, 'dataConvention'],
  parts: { system: ['dataConvention'], user: material },
});
const message = <const Gap extends string>(...gaps: readonly Gap[]): PromptForm<Gap> => ({ gaps, parts: null });

/**
 * All questions that minds ask, by role: one file each in `agents/<role>/prompts`. Here and not with the roles, because
 * whoever starts a campaign checks the files of all of them first.
 */
export const promptForms = {
  researcher: {
    summarise: question(['name', 'id', 'motivation', 'results', 'analysis', 'cited']),
    design: question(['material', 'parentName', 'parentId'], ['parameterRatio', 'suite', 'vocabulary']),
    repair: question(['name', 'motivation', 'components', 'code', 'evidence'], ['parameterRatio', 'suite']),
    diversify: question(
      ['material', 'parentName', 'parentId', 'name', 'motivation', 'twinName', 'twinId', 'twinMotivation', 'alike'],
      ['parameterRatio', 'suite', 'vocabulary'],
    ),
    'judge-novelty': question(['name', 'motivation', 'components', 'earlier']),
    'amend-citations': question(['name', 'motivation', 'citations', 'unknown', 'shown']),
  },
  engineer: {
    mend: question(
      ['name', 'motivation', 'components', 'program', 'found', 'ending', 'earlier'],
      ['probes', 'wallSeconds', 'memoryGigabytes', 'mostChangedLines', 'parameterRatio', 'suite'],
    ),
    'check-intent': question(['name', 'motivation', 'components', 'program', 'difference', 'ending']),
  },
  analyst: {
    analyse: question([
      'id',
      'idea',
      'program',
      'results',
      'curves',
      'statistics',
      'prediction',
      'effects',
      'optional',
    ]),
    repair: message('problems'),
  },
  judge: {
    score: question(['anchors', 'idea', 'program', 'novelty', 'results', 'curves', 'optional']),
  },
} as const;

export type PromptRole = keyof typeof promptForms;

/** What fills the gaps of a prompt, but for the convention about data, which is the same in all. */
export type ValuesOf<Form extends PromptForm> = Readonly<
  Record<Exclude<Form['gaps'][number], 'dataConvention'>, string>
>;
