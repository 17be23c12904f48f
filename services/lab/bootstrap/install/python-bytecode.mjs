import { join } from 'node:path';
import { runCommand } from '../command.mjs';
import { pythonProgram, root } from '../paths.mjs';
import { withProgress } from '../progress.mjs';
import { isStamped, keyOf, stamp } from '../stamp.mjs';

// What the processes of a job import, each on its own.
const imported = [
  'trainer.scorer.job',
  ...['train', 'evaluate', 'certify', 'probe'].map((role) => `trainer.worker.${role}_role`),
];

/**
 * The bytecode of what the processes of a job import. uv makes none and the processes may write none, so without it each
 * of them compiles PyTorch's sources anew: more than a second of one core, several times in every training.
 */
export async function compilePython() {
  const trainer = join(root, 'gpu-runner/trainer');
  const key = keyOf(root, [join(root, 'services/lab/bootstrap/requirements.txt'), join(trainer, 'trainer')]);
  if (isStamped('python-bytecode', key)) return;
  await withProgress('Compiling the Python code that trains', 'a few seconds', () =>
    runCommand('Compiling the Python code', pythonProgram, ['-c', `import ${imported.join(', ')}`], {
      cwd: trainer,
      env: { PYTHONDONTWRITEBYTECODE: '' },
    }),
  );
  stamp('python-bytecode', key);
}
