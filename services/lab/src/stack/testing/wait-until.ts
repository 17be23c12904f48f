/** Waits until `look` gives a value, and returns it; fails with `what` after a limit that only what hangs reaches. */
export async function waitUntil<Value>(
  what: string,
  look: () => Value | null | undefined | false,
  limitMilliseconds = 50_000,
): Promise<Value> {
  for (let waited = 0; ; waited += 20) {
    const value = look();
    if (value) return value;
    if (waited > limitMilliseconds) throw new Error(`waited too long: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
