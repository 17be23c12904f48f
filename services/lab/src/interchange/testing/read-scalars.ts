import { maskedCrc } from '../masked-crc.ts';

export type ReadScalar = { readonly tag: string; readonly step: number; readonly value: number };

/** The scalars of an event file, read by a decoder of its own; throws where a checksum or a field is wrong. */
export function readScalars(file: Buffer): ReadScalar[] {
  const scalars: ReadScalar[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    if (file.readUInt32LE(at + 8) !== maskedCrc(file.subarray(at, at + 8))) throw new Error(`length at ${at}`);
    const data = file.subarray(at + 12, at + 12 + length);
    if (file.readUInt32LE(at + 12 + length) !== maskedCrc(data)) throw new Error(`data at ${at}`);
    at += 16 + length;
    const event = fieldsOf(data);
    const summary = event.get(5);
    if (!Buffer.isBuffer(summary)) {
      if (at === 16 + length && String(event.get(3)) === 'brain.Event:2') continue;
      throw new Error('an event without a summary');
    }
    const value = fieldsOf(fieldsOf(summary).get(1) as Buffer);
    scalars.push({
      tag: String(value.get(1)),
      step: Number(event.get(2)),
      value: (value.get(2) as Buffer).readFloatLE(),
    });
  }
  return scalars;
}

function fieldsOf(data: Buffer): Map<number, Buffer | number> {
  const fields = new Map<number, Buffer | number>();
  let at = 0;
  const varint = () => {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = data.readUInt8(at++);
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      factor *= 128;
    }
  };
  const take = (size: number) => {
    at += size;
    return data.subarray(at - size, at);
  };
  while (at < data.length) {
    const key = varint();
    const [field, type] = [key >> 3, key & 7];
    if (type === 0) fields.set(field, varint());
    else if (type === 1) fields.set(field, take(8));
    else if (type === 2) fields.set(field, take(varint()));
    else if (type === 5) fields.set(field, take(4));
    else throw new Error(`wire type ${type}`);
  }
  return fields;
}
