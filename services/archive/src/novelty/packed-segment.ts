/**
 * A segment of a fingerprint as it is stored: 32-bit floats, little-endian, in base64. As an array of numbers a thousand
 * fingerprints take the embedded database three seconds to read, packed a fifth of one; and 7 digits are more than a comparison needs.
 */
export const packSegment = (values: readonly number[]): string =>
  Buffer.from(Float32Array.from(values).buffer).toString('base64');

export function unpackSegment(packed: string): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(packed, 'base64'));
  return new Float32Array(bytes.buffer, 0, Math.floor(bytes.length / Float32Array.BYTES_PER_ELEMENT));
}
