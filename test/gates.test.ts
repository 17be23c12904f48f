import { campaignSettingsSchema, catalogue, type Gate } from '@asi/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asi } from './support/asi-command.ts';
import { type ScriptedLaboratory, startScriptedLaboratory } from './support/scripted-laboratory.ts';
import { until } from './support/until.ts';

const hebbian = 2;
const tooGood = 3;

let laboratory: ScriptedLaboratory;
let home: string;
let stack: ScriptedLaboratory['stack'];
let roles: ScriptedLaboratory['roles'];
let reading: ScriptedLaboratory['reading'];
let campaigns = 0;

beforeAll(async () => {
  const script = {
    components: (ordinal: number) => [ordinal === hebbian ? 'write=hebbian' : `write=delta-${ordinal}`],
    measured: (id: string) => (id.endsWith(`-000${tooGood}`) ? { languageModelLoss: 0.001 } : {}),
  };
  laboratory = await startScriptedLaboratory('gates', script, ['test/support/house-with-critic/agents/critic']);
  ({ home, stack, roles, reading } = laboratory);
});

afterAll(() => laboratory?.stop());

/** Starts a campaign with these gates. @returns its id */
async function begin(gates: readonly Partial<Gate>[], budget = { candidates: 1, maximalAttempts: 1 }): Promise<string> {
  const settings = campaignSettingsSchema.parse({
    suite: 'cpu-smoke',
    evaluationSeed: `campaign ${++campaigns}`,
    baselines: [{ name: 'delta-net', seeds: [0, 1] }],
    budget,
    confirmation: { best: 0 },
    inFlight: 1,
    gates,
  });
  await roles.bus.publish(catalogue.startCampaign, { experimentId: null, data: { settings } });
  return `c${String(campaigns).padStart(3, '0')}`;
}

const finished = (campaignId: string) =>
  until(`${campaignId} is finished`, async () => (await reading.progress(campaignId))?.state === 'finished');

async function runWith(...asked: Parameters<typeof begin>): Promise<string> {
  const campaignId = await begin(...asked);
  await finished(campaignId);
  return campaignId;
}

async function told(experimentId: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const { source, summary } of reading.journal({ experimentId }))
    lines.push(`${source?.split('/')[0]}: ${summary}`);
  return lines;
}

const candidatesOf = async (campaignId: string) =>
  (await reading.leaderboard(campaignId))?.rows
    .filter(({ kind }) => kind === 'candidate')
    .map(({ id }) => id)
    .sort();

function pidOf(name: string): number {
  const pid = stack.states().find((one) => one.name === name)?.pid;
  if (!pid) throw new Error(`${name} does not run`);
  return pid;
}

/** Holds a process of the stack, without an end of it that anyone could see, while `during` is done. */
async function whileHeld<Result>(name: string, during: () => Promise<Result>): Promise<Result> {
  const pid = pidOf(name);
  process.kill(pid, 'SIGSTOP');
  try {
    return await during();
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

describe('a role of one’s own that stands as a gate', () => {
  it('that allows lets everything pass, and what it vetoes goes no further: reason and evidence are kept', async () => {
    const campaignId = await runWith(
      [
        { role: 'critic', stage: 'designed', onSilence: 'veto' },
        { role: 'critic', stage: 'assessed', onSilence: 'veto' },
      ],
      { candidates: 2, maximalAttempts: 4 },
    );
    expect(await candidatesOf(campaignId)).toEqual([`${campaignId}-0001`, `${campaignId}-0004`]);

    const failures = (await reading.failures(campaignId)) ?? [];
    const [design, result] = [hebbian, tooGood].map((ordinal) => failures.find((one) => one.ordinal === ordinal));
    expect(failures).toHaveLength(2);
    expect(design).toMatchObject({ outcome: 'rejected', code: 'vetoed' });
    expect(design?.message).toMatch(/^critic: write=hebbian: the plain Hebbian write lost/);
    expect(result).toMatchObject({ outcome: 'rejected', code: 'vetoed' });
    expect(result?.message).toMatch(/^critic: the loss is too good/);
    for (const failure of [design, result]) {
      const evidence = await reading.artifact(failure?.evidenceHash ?? 'no evidence');
      expect(evidence?.body).toContain(failure?.id);
    }
    const show = ['show', design?.id ?? ''];
    const shown = await asi(home, ...show);
    expect(shown).toContain('vetoed: critic: write=hebbian');
    expect(shown).toContain(`evidence: asi ${show.join(' ')} --artifact ${design?.evidenceHash}`);
    expect(await asi(home, ...show, '--artifact', design?.evidenceHash ?? '')).toContain('the plain Hebbian write');

    const ofDesign = await told(design?.id ?? '');
    expect(ofDesign.join('\n')).toMatch(
      /director: critic is asked before training\ncritic: vetoes: .*Hebbian.*\n(.*\n)*.*rejected, vetoed: critic/,
    );
    expect(ofDesign.filter((line) => line.startsWith('director: train '))).toEqual([]);
    expect((await told(`${campaignId}-0001`)).filter((line) => line.startsWith('critic:'))).toHaveLength(2);
    expect((await told(`${campaignId}-b01`)).filter((line) => line.startsWith('critic:'))).toEqual([]);
  });

  it('that is silent is taken at the word of the campaign when its time is up, and waking up late changes nothing', async () => {
    const silent = { role: 'critic', stage: 'designed' as const, deadlineSeconds: 0.5 };
    const [allowing, refusing] = await whileHeld('critic', async () => [
      await runWith([{ ...silent, onSilence: 'allow' }]),
      await runWith([{ ...silent, onSilence: 'veto' }]),
    ]);
    expect(await candidatesOf(allowing)).toEqual([`${allowing}-0001`]);
    expect(await candidatesOf(refusing)).toEqual([]);
    const [failure] = (await reading.failures(refusing)) ?? [];
    expect(failure).toMatchObject({ id: `${refusing}-0001`, outcome: 'rejected', code: 'gate-silent' });
    expect(failure?.message).toMatch(/^critic did not answer within 0.5 s/);
    expect((await told(`${allowing}-0001`)).join('\n')).toMatch(/designGate → training\.queued by DEADLINE/);
    const record = (await reading.experiment(`${refusing}-0001`))?.record;
    const later = await runWith([{ role: 'critic', stage: 'designed', onSilence: 'veto' }]);
    expect(await candidatesOf(later)).toEqual([`${later}-0001`]);
    expect((await reading.experiment(`${refusing}-0001`))?.record).toEqual(record);
  });

  it('killed with -9 while it weighs an experiment is started again, and gives the verdict it owed', async () => {
    const before = pidOf('critic');
    const campaignId = await whileHeld('archive', async () => {
      const begun = await begin([{ role: 'critic', stage: 'designed', onSilence: 'allow' }], {
        candidates: hebbian,
        maximalAttempts: hebbian,
      });
      await until('the critic weighs', async () =>
        (await roles.bus.discover(200)).some(({ role, tasks }) => role === 'critic' && tasks.length > 0),
      );
      process.kill(before, 'SIGKILL');
      return begun;
    });
    await finished(campaignId);
    expect(pidOf('critic')).not.toBe(before);
    const [failure] = (await reading.failures(campaignId)) ?? [];
    expect(failure).toMatchObject({ ordinal: hebbian, code: 'vetoed' });
    const answers = (await told(failure?.id ?? '')).filter((line) => line.startsWith('critic:'));
    expect(answers).toHaveLength(1);
  });
});
