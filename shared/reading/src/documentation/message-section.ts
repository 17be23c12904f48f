import { catalogue, deadLetterSchema, gateAnsweredSchema, gateAskedSchema } from '@asi/contracts';
import type { z } from 'zod';
import { jsonOf, type SectionOf, typeOf } from './schema-fields.ts';

/** The section on `data` of the journal's lines: what each type of message carries. */
export function messageSection(sectionOf: SectionOf): string {
  const messages: ReadonlyArray<readonly [type: string, kind: string, role: string, data: z.ZodType]> = [
    ...Object.values(catalogue).map(({ type, kind, owner, data }) => [type, kind, owner, data] as const),
    ['asi.gate.asked.v1', 'cmd', 'the gate', gateAskedSchema],
    ['asi.gate.answered.v1', 'evt', 'the gate', gateAnsweredSchema],
    ['asi.dead-letter.v1', 'dlq', 'who gave it up', deadLetterSchema],
  ];
  const rows = messages.map(([type, kind, role, data]) => {
    const fields = Object.entries(jsonOf(data).properties ?? {}).map(
      ([name, inner]) => `\`${name}\`: ${typeOf(inner, sectionOf)}`,
    );
    return `| \`${type}\` | ${kind} | ${role} | ${fields.join('; ')} |`;
  });
  return `## Messages

The field \`data\` of a line of the journal, by its \`type\`. A command (cmd) is to the role, an event (evt) is from it, adt
is for auditors. Objects are those of the sections above; all of them are in shared/contracts/src/catalogue.ts.

| type | kind | role | data |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}
