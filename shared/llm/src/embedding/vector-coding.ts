const bytesPerNumber = 4;

/** Base64 of the 32-bit floats, little end first: as OpenAI's protocol has them. */
export function encodeVector(vector: readonly number[]): string {
  const bytes = Buffer.alloc(bytesPerNumber * vector.length);
  for (const [place, value] of vector.entries()) bytes.writeFloatLE(value, bytesPerNumber * place);
  return bytes.toString('base64');
}

/** The numbers again; what is over at the end is no number and left out. */
export function decodeVector(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  const vector = new Float32Array(Math.floor(bytes.length / bytesPerNumber));
  for (const place of vector.keys()) vector[place] = bytes.readFloatLE(bytesPerNumber * place);
  return vector;
}
