import { runnerError } from '../runner-error.ts';

/** Translates between our words and the enum literals of the wire. Unknown literals are a `runner-protocol` error. */
export const enumCodec = <Ours extends string, Wire extends string>(what: string, table: Record<Ours, Wire>) => {
  const entries = Object.entries(table) as [Ours, Wire][];
  return {
    toWire: (ours: Ours): Wire => table[ours],
    fromWire: (wire: string): Ours => {
      const found = entries.find(([, literal]) => literal === wire);
      if (found === undefined) {
        throw runnerError('runner-protocol', `${what} is ${wire}: set it, or use a matching version`);
      }
      return found[0];
    },
  };
};

/** The value of a message field that has to be there. */
export const required = <T>(what: string, value: T | undefined): T => {
  if (value === undefined) {
    throw runnerError('runner-protocol', `${what} is missing in the message: set it`);
  }
  return value;
};

/** 64-bit integers travel as bigint; everything we count is far below 2^53. */
export const fromInt64 = (value: bigint): number => Number(value);
