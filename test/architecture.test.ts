import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const longestFile = 400;

type Source = { readonly path: string; readonly text: string; readonly imports: readonly string[] };

const sources = (folder: string): Source[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/(^|\/)(node_modules|gen)\//.test(name))
    .map((name) => {
      const text = readFileSync(join(root, folder, name), 'utf8');
      const imports = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
      return { path: join(folder, name), text, imports };
    });

const all = ['shared', 'agents', 'services', 'gpu-runner/src'].flatMap(sources);
/** What runs in production: neither tests nor what only they use. */
const production = all.filter(({ path }) => !/\.test\.ts$|\/testing\/|shared\/testkit\/|\/contract\//.test(path));
const importing = (pattern: RegExp) =>
  production.filter(({ imports }) => imports.some((one) => pattern.test(one))).map(({ path }) => path);
const folderOf = (path: string) => path.split('/').slice(0, 2).join('/');

describe('the house', () => {
  it('rests on contracts, which rest on nothing of ours', () => {
    const own = production.filter(({ path }) => path.startsWith('shared/contracts/'));
    expect(own.flatMap(({ imports }) => imports.filter((one) => one.startsWith('@asi/')))).toEqual([]);
  });

  it('has no agent that imports another agent or a service', () => {
    for (const { path, imports } of production.filter((one) => one.path.startsWith('agents/'))) {
      for (const one of imports)
        expect(one, path).not.toMatch(
          /^@asi\/(director|researcher|engineer|analyst|judge|archive|cognition|observatory|lab|gpu-runner)$/,
        );
    }
  });

  it('gives the database only to those who own documents or read them for people', () => {
    const users = new Set(importing(/^@asi\/store$/).map(folderOf));
    expect([...users].sort()).toEqual(
      ['agents/director', 'services/archive', 'services/cognition', 'services/observatory', 'shared/reading'].filter(
        (one) => users.has(one),
      ),
    );
    for (const role of ['researcher', 'engineer', 'analyst', 'judge']) expect(users).not.toContain(`agents/${role}`);
  });

  it('knows NATS only in shared/bus and MongoDB only in shared/store', () => {
    expect(new Set(importing(/^nats$/).map(folderOf))).toEqual(new Set(['shared/bus']));
    expect(new Set(importing(/^mongodb$/).map(folderOf))).toEqual(new Set(['shared/store']));
  });

  it('writes subjects in one file only', () => {
    const writers = production
      .filter(({ text }) => /['"`]asi\.(cmd|evt|adt|tel|dlq|svc)\./.test(text))
      .map(({ path }) => path);
    expect(writers).toEqual(['shared/contracts/src/subjects.ts']);
  });

  it('has no circle of imports', () => {
    const byPath = new Map(all.map((one) => [one.path, one]));
    const done = new Set<string>();
    const visit = (path: string, trail: readonly string[]): void => {
      expect(trail, `circle: ${[...trail, path].join(' -> ')}`).not.toContain(path);
      if (done.has(path)) return;
      for (const one of byPath.get(path)?.imports ?? []) {
        if (one.startsWith('.')) visit(relative(root, resolve(root, dirname(path), one)), [...trail, path]);
      }
      done.add(path);
    };
    for (const { path } of all) visit(path, []);
  });

  it(`has no file of more than ${longestFile} lines`, () => {
    expect(all.filter(({ text }) => text.split('\n').length > longestFile + 1).map(({ path }) => path)).toEqual([]);
  });

  it('keeps broker, database and language models out of the Python trainer', () => {
    const files = readdirSync(join(root, 'gpu-runner/trainer/trainer'), { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.py'),
    );
    expect(files.length).toBeGreaterThan(20);
    for (const name of files) {
      expect(readFileSync(join(root, 'gpu-runner/trainer/trainer', name), 'utf8'), name).not.toMatch(
        /^\s*(import|from) (nats|pymongo|openai|langchain)/m,
      );
    }
  });
});
