import { terminal } from '@asi/contracts';
import { type Question, roomBeside, type Think } from '@asi/llm';

export type Asked = Omit<Question<unknown>, 'schema'> & {
  /** Tokens that the context would hold beside the prompt and the longest answer. */
  readonly room: number;
};

/** All that the model is told by a question, as one text. */
export const toldBy = (asked: Asked | undefined): string =>
  asked?.messages.map(({ content }) => content).join('\n') ?? '';

/**
 * A thinker that answers by a script, and keeps what it was asked. An answer that is not of the shape rejects as the real
 * one's does, and what the script throws is thrown.
 */
export function scriptedThink(script: (asked: Asked, number: number) => unknown) {
  const asked: Asked[] = [];
  const think: Think = ({ model }) => ({
    ask: async (question) => {
      const { schema, ...said } = question;
      const rest = { ...said, room: roomBeside(model, question) };
      asked.push(rest);
      const answer = schema.safeParse(script(rest, asked.length));
      if (!answer.success)
        throw terminal('model-answer-invalid', `${question.node}: ${answer.error.issues[0]?.message}`);
      return { answer: answer.data, calls: [`${question.node}/${question.occasion}`] };
    },
  });
  return { think, asked, of: (node: string) => asked.filter((one) => one.node === node) };
}
