/** Seconds between two signs of life of a supervised process. */
export const pulseSeconds = 5;

const line = { msg: 'pulse' } as const;

/** Whether a line of a process's log is a sign of life, which is for the supervisor and kept nowhere. */
export const isPulse = ({ msg }: { readonly msg?: unknown }): boolean => msg === line.msg;

/**
 * Gives signs of life from now on, as lines on standard output: they stop when the process is frozen or its event loop
 * is blocked, which no server sees while its connections stay open. Does not keep the process alive.
 */
export function beginPulse(write: (text: string) => unknown = (text) => process.stdout.write(text)): void {
  // A line of its own, also behind what somebody wrote without an end: dots of progress, say.
  const beat = () => void write(`\n${JSON.stringify(line)}\n`);
  beat();
  setInterval(beat, pulseSeconds * 1000).unref();
}
