/**
 * The system calls that a worker never needs and that widen its reach, by machine. Denied with EPERM: mounts, namespaces, tracing,
 * kernel modules, keys, io_uring, clocks, device nodes (isolation notes, section 3.5).
 */
const denied = {
  x64: [
    165, 166, 155, 161, 272, 308, 101, 310, 311, 312, 438, 321, 298, 323, 425, 426, 427, 248, 249, 250, 246, 320, 175,
    313, 176, 303, 304, 300, 227, 164, 159, 305, 135, 133, 259, 428, 429, 430, 431, 432, 433, 442, 167, 168, 169, 163,
    103, 179,
  ],
  arm64: [
    40, 39, 41, 51, 97, 268, 117, 270, 271, 272, 438, 280, 241, 282, 425, 426, 427, 217, 218, 219, 104, 294, 105, 273,
    106, 264, 265, 262, 112, 170, 171, 266, 92, 33, 428, 429, 430, 431, 432, 433, 442, 224, 225, 142, 89, 116, 60,
  ],
} as const;

const machines = {
  x64: { audit: 0xc000003e, clone: 56, socket: 41, socketpair: 53, ioctl: 16 },
  arm64: { audit: 0xc00000b7, clone: 220, socket: 198, socketpair: 199, ioctl: 29 },
} as const;

// Classic BPF: opcode, jump if true, jump if false, operand.
type Instruction = readonly [code: number, jumpTrue: number, jumpFalse: number, operand: number];
const load = (offset: number): Instruction => [0x20, 0, 0, offset];
const ifEqual = (value: number, yes: number, no: number): Instruction => [0x15, yes, no, value];
const ifAtLeast = (value: number, yes: number, no: number): Instruction => [0x35, yes, no, value];
const ifAnyBit = (mask: number, yes: number, no: number): Instruction => [0x45, yes, no, mask];
const answer = (value: number): Instruction => [0x06, 0, 0, value];

const allow = 0x7fff0000;
const killProcess = 0x80000000;
const errno = (number: number): number => 0x00050000 | number;
const [notPermitted, notImplemented] = [errno(1), errno(38)];

// struct seccomp_data on a little-endian machine: number, architecture, instruction pointer, six 64-bit arguments.
const [numberOffset, architectureOffset] = [0, 4];
const argumentOffset = (index: number): number => 16 + 8 * index;

const clone3 = 435;
const newNamespaceFlags = 0x7e020000;
const unixFamily = 1;
const [pushInput, linuxConsole] = [0x5412, 0x541c];

/**
 * A seccomp filter for `bwrap --seccomp`, 8 bytes per instruction; null on machines it was not written for. Sockets other than AF_UNIX are
 * refused; `clone3` is answered ENOSYS, so that libc falls back to `clone`, whose flags a filter can see.
 */
export const seccompFilter = (machine: string): Buffer | null => {
  if (machine !== 'x64' && machine !== 'arm64') return null;
  const { audit, clone, socket, socketpair, ioctl } = machines[machine];
  const program: Instruction[] = [
    load(architectureOffset),
    ifEqual(audit, 1, 0),
    answer(killProcess),
    load(numberOffset),
    // On x86 these are the x32 calls, which would pass by the list.
    ifAtLeast(0x40000000, 0, 1),
    answer(killProcess),
    ...denied[machine].flatMap((number): Instruction[] => [ifEqual(number, 0, 1), answer(notPermitted)]),
    ifEqual(clone3, 0, 1),
    answer(notImplemented),
    ifEqual(clone, 0, 4),
    load(argumentOffset(0)),
    ifAnyBit(newNamespaceFlags, 0, 1),
    answer(notPermitted),
    answer(allow),
    ifEqual(socket, 1, 0),
    ifEqual(socketpair, 0, 4),
    load(argumentOffset(0)),
    ifEqual(unixFamily, 1, 0),
    answer(notPermitted),
    answer(allow),
    ifEqual(ioctl, 0, 4),
    load(argumentOffset(1)),
    ifEqual(pushInput, 1, 0),
    ifEqual(linuxConsole, 0, 1),
    answer(notPermitted),
    answer(allow),
  ];
  const bytes = Buffer.alloc(8 * program.length);
  program.forEach(([code, jumpTrue, jumpFalse, operand], index) => {
    bytes.writeUInt16LE(code, 8 * index);
    bytes.writeUInt8(jumpTrue, 8 * index + 2);
    bytes.writeUInt8(jumpFalse, 8 * index + 3);
    bytes.writeUInt32LE(operand, 8 * index + 4);
  });
  return bytes;
};
