// Runs a stack as a process of its own, to be killed by tests: node run-stack.ts HOUSE HOME
import { startStack } from '../start-stack.ts';

const [root = '', home = ''] = process.argv.slice(2);
const stack = await startStack({ root, env: { ...process.env, ASI_HOME: home } });
process.on('SIGTERM', () => void stack.stop().then(() => process.exit(0)));
await stack.ready();
process.stdout.write('up\n');
