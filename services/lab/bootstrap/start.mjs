import { install } from './install.mjs';
import { runLaboratory } from './laboratory.mjs';
import { runMain } from './setup-failure.mjs';

await runMain(async () => {
  const bundles = await install();
  // Paths in the options are meant from where the person stands; npm has gone to the root of the repository.
  if (process.env.INIT_CWD && process.env.npm_lifecycle_event === 'start') process.chdir(process.env.INIT_CWD);
  return runLaboratory(['run', ...process.argv.slice(2)], bundles);
});
