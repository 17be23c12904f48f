import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSatisfied, nodeProblem } from './node-packages.mjs';

const wanted = {
  packages: {
    '': { version: '0.1.0' },
    'shared/bus': { version: '0.1.0' },
    'node_modules/@asi/bus': { link: true },
    'node_modules/zod': { version: '4.6.7' },
    'node_modules/@buf/darwin': { version: '1.0.0', optional: true },
  },
};
const without = (name) => ({
  packages: Object.fromEntries(Object.entries(wanted.packages).filter(([key]) => key !== name)),
});

test('packages are installed again when one is missing, older, or a new workspace is not linked', () => {
  assert.equal(isSatisfied(wanted, wanted), true);
  assert.equal(isSatisfied(wanted, without('node_modules/zod')), false);
  assert.equal(isSatisfied(wanted, without('node_modules/@asi/bus')), false);
  const older = { packages: { ...wanted.packages, 'node_modules/zod': { version: '4.6.6' } } };
  assert.equal(isSatisfied(wanted, older), false);
});

test('an optional package of another platform is not missed', () => {
  assert.equal(isSatisfied(wanted, without('node_modules/@buf/darwin')), true);
});

test('a Node that is too old is told from one that is new enough', () => {
  assert.match(nodeProblem('18.20.4') ?? '', /Node 18\.20\.4 is too old: install Node 20 or newer/);
  assert.equal(nodeProblem('20.0.0'), null);
  assert.equal(nodeProblem('24.21.0'), null);
});
