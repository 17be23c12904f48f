import { terminal } from '@asi/contracts';
import { type Purpose, type Question, roomBeside, type Think } from '@asi/llm';

export type Asked = Omit<Question<unknown>, 'schema'>;

/** A thinker that answers by a script and keeps what it was asked; an answer that is not of the shape rejects as the real one's does. */
export function scriptedThink(script: (asked: Asked, number: number) => unknown) {
  /** `room`: tokens that the context would hold beside the prompt and the longest answer. */
  const asked: Array<Asked & { readonly purpose: Purpose; readonly told: string; readonly room: number }> = [];
  const think: Think = (purpose) => ({
    ask: async ({ schema, ...question }) => {
      const room = roomBeside(purpose.model, { ...question, schema });
      asked.push({ ...question, purpose, room, told: question.messages.map(({ content }) => content).join('\n') });
      const answer = schema.safeParse(script(question, asked.length));
      if (!answer.success)
        throw terminal('model-answer-invalid', `${question.node}: ${answer.error.issues[0]?.message}`);
      return { answer: answer.data, calls: [`${question.node}/${question.occasion}`] };
    },
  });
  return { think, asked };
}
