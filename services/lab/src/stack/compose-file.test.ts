import { globSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { thinkingRoles } from '@asi/contracts';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { repositoryRoot } from './toolchain.ts';

const variables = ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'ASI_MODEL'];

const composeSchema = z.object({
  services: z.record(
    z.string(),
    z.object({
      networks: z.array(z.string()),
      environment: z.record(z.string(), z.union([z.string(), z.number(), z.null()])).default({}),
    }),
  ),
  networks: z.record(z.string(), z.object({ internal: z.boolean() }).nullable()),
});
const file = readFileSync(`${repositoryRoot}/compose.yaml`, 'utf8');
const { services, networks } = composeSchema.parse(parse(file, { merge: true }));

test('the key of a language model reaches the roles that think and the command, and no other container', () => {
  for (const name of variables) {
    const holders = Object.keys(services).filter((service) => name in (services[service]?.environment ?? {}));
    expect(holders.sort(), name).toEqual([...thinkingRoles, 'asi'].sort());
  }
});

test('no value of them is written down: each is passed on from the environment or .env, and unset without', () => {
  for (const { environment } of Object.values(services))
    for (const name of variables) expect(environment[name] ?? null).toBeNull();
  const containers = readFileSync(`${repositoryRoot}/services/lab/containers/Dockerfile`, 'utf8');
  expect(containers).not.toMatch(new RegExp(variables.join('|')));
});

test('whoever asks a language model has a way out of the house, and the runner has none', () => {
  const leadsOut = (service: string) =>
    services[service]?.networks.some((network) => networks[network]?.internal !== true);
  expect(thinkingRoles.every(leadsOut)).toBe(true);
  expect(leadsOut('runner')).toBe(false);
});

test('every package that a container needs is in its image: the command asi did not start for want of one', () => {
  const manifest = z.object({ name: z.string(), dependencies: z.record(z.string(), z.string()).default({}) });
  const packages = globSync('{shared,services,agents}/*/package.json', { cwd: repositoryRoot });
  const all = [...packages, 'gpu-runner/package.json'].map((path) => ({
    folder: dirname(path),
    ...manifest.parse(JSON.parse(readFileSync(`${repositoryRoot}/${path}`, 'utf8'))),
  }));
  const containers = readFileSync(`${repositoryRoot}/services/lab/containers/Dockerfile`, 'utf8');
  const stage = containers.slice(containers.indexOf(' AS services\n'));
  const copied = [...stage.matchAll(/^COPY --from=source \/asi\/(\S+)/gm)].map(([, path = '']) =>
    path.replace(/\/src$/, ''),
  );
  const isThere = (folder: string) => copied.some((path) => folder === path || folder.startsWith(`${path}/`));
  const inside = all.filter(({ folder }) => isThere(folder));
  const needed = inside.flatMap(({ dependencies }) => all.filter(({ name }) => name in dependencies));
  expect(needed.filter(({ folder }) => !isThere(folder)).map(({ name }) => name)).toEqual([]);
  expect(needed.length).toBeGreaterThan(10);
});
