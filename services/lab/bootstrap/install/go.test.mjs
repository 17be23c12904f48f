import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isNewEnough } from './go.mjs';

test('versions of Go are compared by number, not by letter', () => {
  assert.equal(isNewEnough('go1.26.8', '1.26.0'), true);
  assert.equal(isNewEnough('go1.26', '1.26.0'), true);
  assert.equal(isNewEnough('go1.9.7', '1.26.0'), false);
  assert.equal(isNewEnough('go1.25.9', '1.26.0'), false);
  assert.equal(isNewEnough('go2.0', '1.26.0'), true);
  assert.equal(isNewEnough('go1.27rc1', '1.26.0'), true);
});
