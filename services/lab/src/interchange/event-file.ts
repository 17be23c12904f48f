import { maskedCrc } from './masked-crc.ts';

/** A value of a curve: `tag` names the curve, as loss/parity. */
export type Scalar = {
  readonly tag: string;
  readonly step: number;
  readonly value: number;
  /** Seconds since 1970. */
  readonly wallTime: number;
};

/**
 * The content of a TensorBoard event file (tensorflow/core/util/event.proto in TFRecord framing) with these scalars.
 * Values that are not finite are written as they are: TensorBoard marks them.
 */
export function eventFile(scalars: readonly Scalar[]): Uint8Array {
  const startedAt = scalars[0]?.wallTime ?? 0;
  const head = message(fixed64(1, startedAt), text(3, 'brain.Event:2'));
  return Buffer.concat([head, ...scalars.map(scalarEvent)].map(record));
}

const scalarEvent = ({ tag, step, value, wallTime }: Scalar): Buffer =>
  message(fixed64(1, wallTime), integer(2, step), bytes(5, bytes(1, message(text(1, tag), fixed32(2, value)))));

/** Length and checksum, data and checksum. */
function record(data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeBigUInt64LE(BigInt(data.length));
  head.writeUInt32LE(maskedCrc(head.subarray(0, 8)), 8);
  const tail = Buffer.alloc(4);
  tail.writeUInt32LE(maskedCrc(data));
  return Buffer.concat([head, data, tail]);
}

// Protocol buffers, as far as they are needed: https://protobuf.dev/programming-guides/encoding
const message = (...fields: readonly Buffer[]): Buffer => Buffer.concat(fields);
const key = (field: number, wireType: number): number => field * 8 + wireType;
const bytes = (field: number, content: Buffer): Buffer =>
  Buffer.concat([Buffer.from([key(field, 2)]), varint(content.length), content]);
const text = (field: number, content: string): Buffer => bytes(field, Buffer.from(content));
const integer = (field: number, value: number): Buffer => Buffer.concat([Buffer.from([key(field, 0)]), varint(value)]);

function fixed64(field: number, value: number): Buffer {
  const content = Buffer.alloc(9);
  content[0] = key(field, 1);
  content.writeDoubleLE(value, 1);
  return content;
}

function fixed32(field: number, value: number): Buffer {
  const content = Buffer.alloc(5);
  content[0] = key(field, 5);
  content.writeFloatLE(value, 1);
  return content;
}

function varint(value: number): Buffer {
  const parts: number[] = [];
  let rest = value;
  while (rest >= 128) {
    parts.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...parts, rest]);
}
