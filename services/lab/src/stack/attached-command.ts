import { embeddedBinary } from './toolchain.ts';

/** A command and its arguments. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * The same command in a form that cannot outlive this process: `embedded attach` asks the kernel for SIGKILL at the
 * parent's end and then becomes the command (Linux), or stays in front of it and watches (other systems).
 */
export const attached = ({ command, args }: Command, binary = embeddedBinary()): Command => ({
  command: binary,
  args: ['attach', '--parent', String(process.pid), '--', command, ...args],
});
