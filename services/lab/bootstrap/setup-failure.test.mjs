import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandFailure } from './setup-failure.mjs';

const cases = [
  ['npm error code ENOSPC', /disk is full: free some space/],
  ['error: Failed to fetch: `https://…`: No space left on device (os error 28)', /disk is full/],
  ['npm error getaddrinfo EAI_AGAIN registry', /registry was not reached: check the network/],
  ['dial tcp: lookup proxy: no such host', /registry was not reached/],
  ['npm error code EACCES', /make the repository writable/],
  ['tls: failed to verify certificate: x509: unknown authority', /certificate was refused/],
  ['error: Failed to fetch; cause: invalid peer certificate: UnknownIssuer', /certificate was refused/],
  ['main.go:3: undefined: x', /the end of the log says why/],
];

for (const [output, message] of cases) {
  test(`a command that ends with "${output}" is explained in one line with the place of the log`, () => {
    const failure = commandFailure('Installing uv', output);
    assert.match(failure.message, message);
    assert.match(failure.message, /^Installing uv failed: .*install\.log$/);
    assert.equal(failure.isSetupFailure, true);
  });
}
