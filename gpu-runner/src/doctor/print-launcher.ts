/**
 * Prints, as JSON, the isolation that the doctor proves on this machine and the argv prefix of a worker in the slot that the first
 * argument names: for the trainer's conformance programs, which must meet the launcher that production uses.
 */
import { readEnvironment } from '../environment.ts';
import { examineIsolation } from './examine-isolation.ts';

const { python, trainerPath, launcher: program, isolation: mode } = readEnvironment(process.env);
const { isolation, launcher } = await examineIsolation({ python, trainerPath, launcher: program, mode });
process.stdout.write(`${JSON.stringify({ ...isolation, argv: launcher(Number(process.argv[2] ?? 0)) })}\n`);
