import { processContext } from './commands/cli-context.ts';
import { runCli } from './commands/run-cli.ts';

process.exitCode = await runCli(process.argv.slice(2), processContext());
// What a library may have left open (a timer, a socket to a server that is gone) must not keep the command alive.
process.stdout.write('', () => process.exit());
