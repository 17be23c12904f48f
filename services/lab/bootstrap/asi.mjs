import { existsSync } from 'node:fs';
import { runLaboratory } from './laboratory.mjs';
import { isInstalling } from './one-at-a-time.mjs';
import { generatedCode, houseNode } from './paths.mjs';
import { runMain, setupFailure } from './setup-failure.mjs';

// npm runs scripts in the root of the repository; paths on the command line are meant from where the person stands.
await runMain(async () => {
  if (!existsSync(houseNode)) throw setupFailure('the laboratory is not installed yet: run npm start once');
  if (!existsSync(generatedCode))
    throw setupFailure(
      'the laboratory is not wholly installed yet: let npm start, or npm test, come to its first step',
    );
  // What is being replaced is half there, and would end with a stack trace.
  if (await isInstalling())
    throw setupFailure(
      'the laboratory is being installed: wait for that npm start, or npm test, to come to its first step',
    );
  if (process.env.INIT_CWD && process.env.npm_lifecycle_event === 'asi') process.chdir(process.env.INIT_CWD);
  return runLaboratory(process.argv.slice(2));
});
