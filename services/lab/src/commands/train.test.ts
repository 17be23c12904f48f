import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectBus } from '@asi/bus';
import { insertSampleCampaign, sampleCampaign } from '@asi/reading/testing';
import { openDatabase } from '@asi/store';
import { expect, test } from 'vitest';
import { startEmbeddedServers } from '../stack/embedded-servers.ts';
import { stateFolder } from '../stack/state-folder.ts';
import { temporaryFolder } from '../stack/testing/temporary-home.ts';
import { captureCli } from '../testing/captured-context.ts';

const { NATS_URL: _nats, MONGODB_URL: _mongodb, ASI_RUNNER_URL: _runner, ...inherited } = process.env;

function fileWith(text: string): string {
  const path = join(temporaryFolder(), 'mixer.py');
  writeFileSync(path, text);
  return path;
}

test('a program that is no legal mixer is refused with its certificate, and not trained', async ({ skip }) => {
  const file = fileWith('from fla.ops.kda import chunk_kda\nclass DeltaNet: pass\n');
  const asked = ['train', file, '--json'];
  const { code, out, error } = await captureCli(asked, { ...inherited, ASI_HOME: temporaryFolder() });
  expect(code).toBe(1);
  if (error.includes('tier 0')) skip('no isolation here: a foreign program is refused');
  const { certificate, ...rest } = JSON.parse(out);
  expect(rest).toEqual({ result: null, baselines: [], failure: null });
  expect(certificate).toMatchObject({ verdict: 'unsupported', findings: [{ status: 'unsupported' }] });
  expect(certificate.findings[0].message).toContain('chunk_kda from fla.ops.kda (line 1)');
}, 120_000);

test('a runner without isolation refuses a program from elsewhere in one line', async () => {
  const env = { ...inherited, ASI_HOME: temporaryFolder(), ASI_RUNNER_ISOLATION: 'none' };
  const { code, out, error } = await captureCli(['train', fileWith('class Mixer: pass\n')], env);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(error).toContain('this runner has no isolation (tier 0');
});

/** Causal where it is examined, and where it is asked for its answers it shows the next token, or the row before. */
const twoFaced = (elsewhere: string) => `
import sys
import torch
from torch import nn
EXAMINED = "trainer.worker.certify_role" in sys.modules
class Mixer(nn.Module):
    def __init__(self, d_model, n_heads, *, layer_idx=0, n_layers=1):
        super().__init__()
        self.mix = nn.Linear(d_model, d_model)
    def forward(self, x):
        steps = torch.arange(1, x.shape[1] + 1)[:, None]
        y = self.mix(x.cumsum(1) / steps)
        return y if EXAMINED else y + ${elsewhere}
`;

test('a program that looks ahead where no certificate is made gets no score, and JSON that says why', async ({
  skip,
}) => {
  const env = { ...inherited, ASI_HOME: temporaryFolder() };
  const asked = ['train', fileWith(twoFaced('2 * torch.roll(x, -1, 1)')), '--suite', 'cpu-smoke', '--json'];
  const { code, out, error } = await captureCli(asked, env);
  if (error.includes('tier 0')) skip('no isolation here: a foreign program is refused');
  expect(code).toBe(1);
  const { certificate, failure, ...rest } = JSON.parse(out);
  expect(certificate.verdict).toBe('pass');
  expect(rest).toEqual({ result: null, baselines: [] });
  expect(failure.code).toBe('leak');
  expect(error).toContain(failure.message);
  expect(error).toContain('is not trained, leak: On noisy-recall the trained program looks ahead');
}, 180_000);

test.runIf(process.env.ASI_TEST_FULL === '1')(
  'one that mixes rows there gets a marked score and exit code 1',
  async ({ skip }) => {
    const env = { ...inherited, ASI_HOME: temporaryFolder() };
    const asked = ['train', fileWith(twoFaced('0.5 * torch.roll(x, 1, 0)')), '--suite', 'cpu-smoke'];
    const { code, out, error } = await captureCli(asked, env);
    if (error.includes('tier 0')) skip('no isolation here: a foreign program is refused');
    expect(code, error).toBe(1);
    expect(out).toContain('Suspect leak: noisy-recall: the loss of an answer differs by up to');
    expect(out).toMatch(/battery +accuracy +\d/);
  },
  180_000,
);

/** Legal; what it counts while it trains scales its output, and is lost before scoring. */
const scheduled = `
import torch
from torch import nn
class Mixer(nn.Module):
    def __init__(self, d_model, n_heads, *, layer_idx=0, n_layers=1):
        super().__init__()
        self.mix = nn.Linear(d_model, d_model)
        self._step = 0
    def forward(self, x):
        if self.training:
            self._step += 1
        steps = torch.arange(1, x.shape[1] + 1, dtype=x.dtype)[:, None]
        return self.mix(x.cumsum(1) / steps) * (1 + min(self._step, 10) / 10)
`;

test('a program that is flagged gets no score without a word of what its certificate holds against it', async ({
  skip,
}) => {
  const env = { ...inherited, ASI_HOME: temporaryFolder() };
  const { code, out, error } = await captureCli(['train', fileWith(scheduled), '--suite', 'cpu-smoke'], env);
  if (error.includes('tier 0')) skip('no isolation here: a foreign program is refused');
  expect(code, error).toBe(0);
  expect(out).toMatch(/battery +accuracy +\d/);
  expect(out).toContain('Flagged, schedules: what training leaves in self._step is lost before scoring');
}, 180_000);

test('Ctrl-C ends a training with 130 and no complaint', async () => {
  const interruption = new AbortController();
  const env = { ...inherited, ASI_HOME: temporaryFolder() };
  const trained = captureCli(['train', 'delta-net'], env, interruption.signal);
  setTimeout(() => interruption.abort(), 300);
  expect(await trained).toEqual({ code: 130, out: '', error: '' });
});

test('a built-in is trained as in the newest campaign, scored, and left as a checkpoint; baselines that do not compare are not shown', async () => {
  const home = temporaryFolder();
  const env = { ...inherited, ASI_HOME: home };
  const sample = sampleCampaign({ candidates: 2, wanted: 2, state: 'finished' });
  const { campaign } = sample;
  const settings = { ...campaign.settings, suite: 'cpu-smoke' as const, candidateSeed: 11 };
  const servers = await startEmbeddedServers({ home: stateFolder(env).data });
  const database = await openDatabase(servers.mongodbUrl);
  const bus = await connectBus({ url: servers.natsUrl, source: 'sample/1' });
  await insertSampleCampaign(database, { ...sample, campaign: { ...campaign, settings } });
  await bus.close();
  await database.close();
  await servers.stop();
  const folder = join(home, 'trained');
  const { code, out, error } = await captureCli(['train', 'linear-attention', '--checkpoint', folder], env);
  expect(code, error).toBe(0);
  expect(out).toContain('linear-attention, suite cpu-smoke, seed 11');
  expect(out).toMatch(/parity +accuracy +\d\.\d{3}±\.\d{3} +[▁-█]+/);
  expect(out).toContain('The baselines of c001 are not shown: they were measured with another suite or trainer.');
  const tasks = ['associative-recall', 'fuzzy-recall', 'language-model', 'noisy-recall', 'overwrite-recall', 'parity'];
  expect(readdirSync(folder)).toEqual(tasks);
  expect(readdirSync(join(folder, 'parity')).toSorted()).toEqual([
    'README.md',
    'asi_model',
    'config.json',
    'model.safetensors',
    'program.py',
  ]);
}, 120_000);
