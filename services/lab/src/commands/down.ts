import { Command } from 'commander';
import { refuseExternalStack } from '../stack/external-stack.ts';
import { existingStateFolder } from '../stack/state-folder.ts';
import { stopStack } from '../stack/stop-stack.ts';
import { type CommandDefinition, withExample } from './command-definition.ts';
import { exitCodes } from './exit-codes.ts';

const words = {
  stopped: 'the stack is stopped; asi up starts it again, asi run continues a campaign that is not finished',
  killed: 'the stack did not end in time and was ended by force; nothing is lost',
  'not-running': 'the stack was not running',
} as const;

/** `asi down`: stops the stack, whoever started it. */
export const downCommand: CommandDefinition = (context) => ({
  command: withExample(
    new Command('down').description('stop the stack of this state folder, whoever started it; nothing is lost'),
    'asi down',
  ),
  run: async () => {
    refuseExternalStack(context.env);
    context.out.write(`${words[await stopStack(existingStateFolder(context.env))]}\n`);
    return exitCodes.good;
  },
});
