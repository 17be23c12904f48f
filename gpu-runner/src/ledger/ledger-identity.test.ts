import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ledgerIdentity } from './ledger-identity.ts';

const home = mkdtempSync(join(tmpdir(), 'asi-ledger-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
let count = 0;
const newId = () => `id-${++count}`;

test('the runner of a copied folder does not take the processes of the original for its own, and kill them', () => {
  const [original, copy, moved] = ['original', 'copy', 'moved'].map((name) => join(home, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(original);
  expect(ledgerIdentity(original, newId)).toBe('id-1');
  cpSync(original, copy, { recursive: true });
  expect(ledgerIdentity(copy, newId)).toBe('id-2');
  expect(ledgerIdentity(copy, newId)).toBe('id-2');
  renameSync(original, moved);
  expect(ledgerIdentity(moved, newId)).toBe('id-1');
});

test('a folder of an earlier version keeps its name: processes of before are still found', () => {
  const old = mkdtempSync(join(home, 'old-'));
  writeFileSync(join(old, 'ledger-id'), 'of-before\n');
  expect([ledgerIdentity(old, newId), ledgerIdentity(old, newId)]).toEqual(['of-before', 'of-before']);
});
