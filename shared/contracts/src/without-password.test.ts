import { expect, test } from 'vitest';
import { withoutPassword } from './without-password.ts';

test.each([
  ['nats://me:secret@broker:4222', 'nats://***@broker:4222'],
  ['nats://token@broker:4222', 'nats://***@broker:4222'],
  ['nats://a:secret@one:4222,nats://a:secret@two:4222', 'nats://***@one:4222,nats://***@two:4222'],
  ['mongodb://me:sec@ret@one,two:27018/asi?replicaSet=rs', 'mongodb://***@one,two:27018/asi?replicaSet=rs'],
  ['nats://127.0.0.1:4222', 'nats://127.0.0.1:4222'],
])('%s is shown and logged without its password', (address, shown) => {
  expect(withoutPassword(address)).toBe(shown);
});
