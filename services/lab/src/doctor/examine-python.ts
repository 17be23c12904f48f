import { messageOf } from '@asi/contracts';
import type { CliContext } from '../commands/cli-context.ts';
import { withRunner } from '../commands/with-runner.ts';
import { logsOf } from '../stack/logs-of.ts';
import { examineTrainerPython } from '../stack/trainer-python.ts';
import type { Examination, Finding } from './finding.ts';

/** The Python that trains: of this machine, or of the runner elsewhere that is used instead. */
export const examinePython: Examination = async (context) => {
  const { env } = context;
  const what = 'Python';
  if (env.ASI_RUNNER_URL) return pythonOfRunner(context, env.ASI_RUNNER_URL);
  try {
    const { version, torch, cuda } = await examineTrainerPython(env);
    const found = `${version} with PyTorch ${torch}, ${cuda ? 'CUDA found' : 'CPU only'}`;
    return { what, verdict: 'good', found, advice: '' };
  } catch (error) {
    return { what, verdict: 'missing', found: messageOf(error), advice: '' };
  }
};

async function pythonOfRunner(context: CliContext, url: string): Promise<Finding> {
  const what = 'Python';
  try {
    const { python: version, torch } = await withRunner(
      context,
      async ({ client }) => (await client.capabilities()).versions,
    );
    const good = torch !== 'missing';
    return {
      what,
      verdict: good ? 'good' : 'missing',
      found: `${version} ${good ? `with PyTorch ${torch}` : 'without PyTorch'}, of the runner ${url}`,
      advice: good ? '' : 'install PyTorch where that runner runs',
    };
  } catch (error) {
    return {
      what,
      verdict: 'missing',
      found: `the runner ${url}: ${messageOf(error)}`,
      advice: `see ${logsOf(context.env)}`,
    };
  }
}
