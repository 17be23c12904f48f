/** Waits until `look` gives a value, and returns it; fails with `what`, as it is then, after the limit. */
export async function until<Value>(
  what: string | (() => string),
  look: () => Promise<Value | null | undefined | false> | Value | null | undefined | false,
  limitSeconds = 60,
): Promise<Value> {
  const deadline = Date.now() + limitSeconds * 1000;
  for (;;) {
    const value = await look();
    if (value) return value;
    if (Date.now() > deadline)
      throw new Error(`waited ${limitSeconds} s in vain: ${typeof what === 'string' ? what : what()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
