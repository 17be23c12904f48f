import { Command } from 'commander';
import { examinations } from '../doctor/examinations.ts';
import type { Finding } from '../doctor/finding.ts';
import { paintFor } from '../view/paint.ts';
import { proofLines } from '../view/proof-lines.ts';
import { type CommandDefinition, withExample } from './command-definition.ts';
import { exitCodes } from './exit-codes.ts';

/** `asi doctor`: whether this machine can run the laboratory, and what to do where it cannot. */
export const doctorCommand: CommandDefinition = (context) => ({
  command: withExample(
    new Command('doctor')
      .description(
        'examine this machine: Node, Python, PyTorch, servers, disk, isolation; exit code 1 when something is missing',
      )
      .option('--json', 'one JSON value (see docs/json.md)'),
    'asi doctor',
  ),
  run: async ([options]) => {
    const { json } = options as { json?: boolean };
    const paint = paintFor(context.out.isTerminal, context.env);
    const found: Finding[] = [];
    const marks = { good: paint.good('good   '), remark: paint.accent('remark '), missing: paint.bad('missing') };
    for (const examine of examinations) {
      const finding = await examine(context);
      found.push(finding);
      if (!json)
        context.out.write(
          `${marks[finding.verdict]} ${finding.what.padEnd(16)} ${finding.found}${finding.advice ? `; ${finding.advice}` : ''}\n${proofLines(finding.isolation).join('')}`,
        );
      if (context.interrupt.aborted) return exitCodes.interrupted;
    }
    if (json) context.out.write(`${JSON.stringify({ findings: found }, null, 2)}\n`);
    return found.some(({ verdict }) => verdict === 'missing') ? exitCodes.no : exitCodes.good;
  },
});
