/**
 * Tokens that a text takes, from its characters alone and estimated high, so that it holds for any model. Small letters come
 * in groups of at least three; a digit, a sign or a capital may be a token of its own; beyond ASCII a byte may be one.
 * A test compares with two real tokenisers on programs, prose, tables, numbers, hashes and other scripts.
 */
export function estimateTokens(text: string): number {
  let [small, spaces, ascii] = [0, 0, 0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0x80) continue;
    ascii++;
    if (code <= 0x20) spaces++;
    else if (code >= 0x61 && code <= 0x7a) small++;
  }
  const bytesBeyond = Buffer.byteLength(text) - ascii;
  return Math.ceil(small / 3 + spaces / 4 + (ascii - small - spaces) + bytesBeyond);
}
