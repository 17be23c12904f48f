/**
 * Prints, as JSON, the isolation that the doctor proves on this machine and the argv prefix of a worker in the slot that the first
 * argument names: for the trainer's conformance programs, which must meet the launcher that production uses.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvironment } from '../environment.ts';
import { examineIsolation } from './examine-isolation.ts';

const { python, trainerPath, isolation: mode } = readEnvironment(process.env);
// The filter is opened by the launcher at every start, so this folder stays; it is a few hundred bytes.
const home = mkdtempSync(join(tmpdir(), 'asi-launcher-'));
const { isolation, launcher } = await examineIsolation({ python, trainerPath, home, mode });
process.stdout.write(`${JSON.stringify({ ...isolation, home, argv: launcher(Number(process.argv[2] ?? 0)) })}\n`);
