import type { Bus } from '@asi/bus';
import { hashText } from '@asi/contracts';
import { type JobOutcome, type RunnerClient, runnerError } from '@asi/runner-client';
import { expect, test } from 'vitest';
import { certifyDraft } from './certify.ts';
import type { Draft } from './machine.ts';
import type { RunnerFinder } from './runner-finder.ts';
import { designCommand } from './testing/design-command.ts';
import { certificate, leak } from './testing/scripted-runner.ts';

const busy: JobOutcome = {
  status: 'failed',
  reason: 'environment',
  message: 'for 43 s its worker waited for a processor that was busy with other work',
  evidence: {},
};
const killed: JobOutcome = { ...busy, reason: 'worker-killed', message: 'killed from outside, or by its program' };
const lost: JobOutcome = { status: 'lost', message: 'the runner stopped' };
const legal: JobOutcome = { status: 'ok', kind: 'certify', result: certificate('legal') };

/** A runner that keeps how a job ended, as real ones do: the same name gets the same answer. */
function runnerThatEnds(...ends: JobOutcome[]) {
  const known = new Map<string, JobOutcome>();
  const client = {
    submit: async (jobId: string) => {
      const existed = known.has(jobId);
      const next = ends[known.size];
      if (!existed && next) known.set(jobId, next);
      return { existed, job: { state: existed ? 'finished' : 'queued' } };
    },
    untilFinished: async (jobId: string) => ({ outcome: known.get(jobId) }),
  } as unknown as RunnerClient;
  const finder: RunnerFinder = { find: async () => client, forget: () => undefined, close: () => undefined };
  return { finder, names: () => [...known.keys()] };
}

const draft = { source: 'class Mixer: ...', program: { kind: 'source', origin: 'grammar' } } as unknown as Draft;
const bus = { request: async (_: string, { body }: { body: string }) => ({ hash: hashText(body) }) } as unknown as Bus;
const certify = (runner: ReturnType<typeof runnerThatEnds>) =>
  certifyDraft(bus, runner.finder, designCommand(), draft, 0, {
    signal: new AbortController().signal,
    isWanted: async () => true,
  });

test.each([
  ['the machine had no time for', busy],
  ['a dying runner lost', lost],
  ['somebody killed', killed],
])('a certificate that %s is made anew, and not asked for again and again as it ended', async (_, end) => {
  const runner = runnerThatEnds(end, end, legal);
  expect(await certify(runner)).toMatchObject({ legal: true, programHash: 'legal' });
  expect(runner.names()).toEqual(['c001-0007-c1-0', 'c001-0007-c1-0-again1', 'c001-0007-c1-0-again2']);
});

test('a machine that never has time for a certificate is no verdict on the program, and says why', async () => {
  const runner = runnerThatEnds(...Array.from({ length: 9 }, () => busy));
  await expect(certify(runner)).rejects.toMatchObject({
    kind: 'retryable',
    code: 'environment',
    message: expect.stringContaining('waited for a processor'),
  });
  expect(runner.names()).toHaveLength(6);
});

test('once the machine is calm a certificate is made that it had no time for before; a program that kills runners gets no more tries', async () => {
  const patient = runnerThatEnds(...Array.from({ length: 6 }, () => busy), legal);
  await expect(certify(patient)).rejects.toMatchObject({ code: 'environment' });
  expect(await certify(patient)).toMatchObject({ legal: true });
  const deadly = runnerThatEnds(...Array.from({ length: 6 }, () => lost), legal);
  for (let asking = 0; asking < 2; asking++)
    await expect(certify(deadly)).rejects.toMatchObject({ code: 'runner-lost' });
  expect(deadly.names()).toHaveLength(6);
});

test('a program whose certificate is killed every time is refused: nobody else does that', async () => {
  const refused = await certify(runnerThatEnds(...Array.from({ length: 6 }, () => killed), legal));
  expect(refused).toMatchObject({ legal: false, reason: { code: 'worker-killed' } });
});

test('a design is not lost to the name of a certificate under which an earlier version of the laboratory asked for another program', async () => {
  const runner = runnerThatEnds(legal);
  const client = await runner.finder.find();
  const taken = ['c001-0007-c1-0', 'c001-0007-c1-0-again1'];
  const submit: RunnerClient['submit'] = async (jobId, ...rest) => {
    if (taken.includes(jobId)) throw runnerError('job-conflict', `job ${jobId} exists with other work`);
    return client.submit(jobId, ...rest);
  };
  const finder: RunnerFinder = { ...runner.finder, find: async () => ({ ...client, submit }) };
  expect(await certify({ ...runner, finder })).toMatchObject({ legal: true, programHash: 'legal' });
  expect(runner.names()).toEqual(['c001-0007-c1-0-again2']);
});

test('a runner that knows every name with other work ends the asking with its own words, instead of never', async () => {
  const submit = async () => Promise.reject(runnerError('job-conflict', 'exists with other work'));
  const runner = runnerThatEnds();
  const finder = { ...runner.finder, find: async () => ({ submit }) as unknown as RunnerClient };
  await expect(certify({ ...runner, finder })).rejects.toMatchObject({ code: 'job-conflict', kind: 'terminal' });
});

test('a design that needs what is not here is refused with the sentence that names it', async () => {
  const message = 'construct: The program imports mamba_ssm (line 1), which is not available here.';
  const finding = { ...leak, test: 'construct', status: 'unsupported' as const, message };
  const result = { ...certificate('p', [finding]), verdict: 'unsupported' as const };
  const refused = await certify(runnerThatEnds({ status: 'ok', kind: 'certify', result }));
  expect(refused).toMatchObject({ legal: false, reason: { code: 'certificate-construct', message } });
});

test('a program that passed with remarks is not taken for one without: the soft tests that it failed go with its proof', async () => {
  const remark = { ...leak, test: 'uncounted work', kind: 'soft' as const };
  const findings = [
    remark,
    { ...remark, smallestInput: 'B=2 T=64' },
    { ...remark, test: 'op count', status: 'pass' as const },
    { ...remark, test: 'state size', kind: 'reported' as const, status: 'reported' as const },
  ];
  const result = { ...certificate('p', findings), verdict: 'flagged' as const };
  const flagged = await certify(runnerThatEnds({ status: 'ok', kind: 'certify', result }));
  expect(flagged).toMatchObject({ legal: true, proof: { flags: ['uncounted work'] } });
  expect(await certify(runnerThatEnds(legal))).toMatchObject({ legal: true, proof: { flags: [] } });
});
