import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostPython } from './host-python.mjs';

const choose = (machine) => hostPython((name) => machine[name] ?? null).name;

test('the usual Python is taken when PyTorch is built for it', () => {
  assert.equal(choose({ python3: '3.10', 'python3.13': '3.13' }), 'python3');
});

test('another one is taken when the usual one is too old or too new for PyTorch', () => {
  assert.equal(choose({ python3: '3.9', 'python3.11': '3.11' }), 'python3.11');
  assert.equal(choose({ python3: '3.15', 'python3.12': '3.12' }), 'python3.12');
  assert.equal(choose({ python: '3.12' }), 'python');
});

test('a Python newer than all that PyTorch is built for is still tried', () => {
  assert.equal(choose({ python3: '3.15' }), 'python3');
});

test('without a usable Python one line says what to install', () => {
  assert.throws(() => choose({}), /^Error: Python is missing: install Python 3\.10 to 3\.13/);
  assert.throws(() => choose({ python3: '3.8', python: '2.7' }), /Python 3\.8 is too old/);
});
