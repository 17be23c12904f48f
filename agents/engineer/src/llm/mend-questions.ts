import { asData, type ChatMessage, fitQuestion, type Part, type Question } from '@asi/llm';
import type { FailedTraining } from '../mind.ts';
import { endingText, logText } from './ending-text.ts';
import { mostChangedLines } from './minimal-change.ts';
import type { EngineerPrompts } from './prompts.ts';

type Asked = Pick<Question<unknown>, 'shape' | 'schema'>;

/**
 * The question of the next step in mending, which fits into the context: the talk so far gives way first, the oldest answers
 * of the runner before newer ones, then what was tried before, the log and the motivation. The program never does: edits must fit it.
 */
export function mendQuestion(
  prompts: EngineerPrompts,
  failed: FailedTraining,
  mostProbes: number,
  turns: readonly ChatMessage[],
  asked: Asked,
) {
  const { data } = failed.command;
  // What the model itself said stays: without it the answers to it mean nothing.
  const replies = turns.flatMap(({ role, content }, place) =>
    role === 'user'
      ? [[replyAt(place), { what: 'an answer', text: content, priority: 0 } satisfies Part] as const]
      : [],
  );
  const parts: Readonly<Record<string, Part>> = {
    ...Object.fromEntries(replies),
    ...(failed.earlier.length === 0 ? {} : { earlier: part('earlier revisions', earlierText(failed), 1, 'end') }),
    log: part('end of the log', logText(failed), 2, 'end'),
    motivation: motivationOf(failed, 3),
  };
  return fitQuestion(modelOf(failed), asked, parts, (texts) => {
    const opening = prompts.mend({
      ...fixedTexts(failed),
      motivation: texts.motivation ?? '',
      program: asData('program', failed.program.source),
      found: foundTexts[failed.found],
      ending: `${asData('ending', endingText(failed))}\n${texts.log}`,
      earlier:
        failed.earlier.length === 0
          ? 'Nothing was changed in it so far.'
          : `The program above was revised before, which did not suffice:\n${texts.earlier}`,
      probes: String(mostProbes),
      wallSeconds: String(data.wallSeconds),
      memoryGigabytes: (data.memoryBytes / 1e9).toFixed(1),
      mostChangedLines: String(mostChangedLines(failed.designed.source)),
      parameterRatio: String(data.mending?.parameterRatio ?? 1),
      suite: data.suite,
    });
    const told = turns.map(({ role, content }, place) => ({
      role,
      content: role === 'user' ? texts[replyAt(place)] || leftOut : content,
    }));
    return { ...opening, messages: [...opening.messages, ...told] };
  });
}

/** The question whether a change keeps the design: the log gives way first, then the program, which the difference shows where it matters. */
export function intentQuestion(prompts: EngineerPrompts, failed: FailedTraining, difference: string, asked: Asked) {
  const parts = {
    log: part('end of the log', logText(failed), 0, 'end'),
    program: part('program', failed.designed.source, 1),
    difference: part('difference', difference, 2),
    motivation: motivationOf(failed, 3),
  };
  return fitQuestion(modelOf(failed), asked, parts, ({ log, ...texts }) =>
    prompts['check-intent']({
      ...fixedTexts(failed),
      ...texts,
      ending: `${asData('ending', endingText(failed))}\n${log}`,
    }),
  );
}

const replyAt = (place: number): string => `turn ${place}`;
const leftOut = '(What came of this step is left out here, because the prompt was too long.)';

const part = (label: string, text: string, priority: number, keep: 'beginning' | 'end' = 'beginning'): Part => ({
  what: label,
  text,
  priority,
  data: { label, keep },
});

const motivationOf = ({ command }: FailedTraining, priority: number): Part =>
  part('motivation', command.data.design?.motivation ?? 'none is on record', priority);

function fixedTexts({ command }: FailedTraining) {
  const { design } = command.data;
  return {
    name: design?.name ?? 'without a name',
    components:
      design && design.components.length > 0 ? asData('components', design.components.join(', ')) : 'not said',
  };
}

function modelOf({ command }: FailedTraining) {
  const { model } = command.data;
  if (!model) throw new Error('mended without a model');
  return model;
}

const foundTexts = {
  'in-training': 'How its training ended:',
  'in-first-steps':
    'It was not trained yet. The first steps of its training were tried before, on each task as a training takes them. What they showed:',
} as const;

const earlierText = ({ earlier }: FailedTraining): string =>
  earlier
    .map(({ cause, reason }, index) => `${index + 1}. after ${cause.code} (${cause.message}): ${reason}`)
    .join('\n');
