import type { Genome } from '../genome.ts';
import { fieldSlot, option, type Slot, type SlotOption } from './slot.ts';

type Depthwise = Extract<Genome['convolution'], { kind: 'depthwise' }>;

const targets: ReadonlyArray<readonly [Depthwise['target'] | 'none', SlotOption]> = [
  ['qkv', option('qkv', 4, 'a short convolution on q, k and v', 'binds each token to its neighbours before recall')],
  ['qk', option('qk', 1, 'a short convolution on q and k', 'lets keys name their neighbourhood, values stay sharp')],
  ['kv', option('kv', 1, 'a short convolution on k and v', 'writes neighbourhoods but asks with the token alone')],
  ['v', option('v', 0.7, 'a short convolution on v', 'mixes locally in what is stored, not in the addresses')],
  ['input', option('input', 1, 'a short convolution of the input', 'mixes locally once, for gates and routers too')],
  ['none', option('none', 0.5, 'no short convolution', 'leaves all mixing over time to the state and the filters')],
];

const widths: ReadonlyArray<readonly [Depthwise['width'], SlotOption]> = [
  [2, option('2', 1, 'a convolution of width 2', 'sees the previous token only')],
  [3, option('3', 1, 'a convolution of width 3', 'sees two tokens back')],
  [4, option('4', 3, 'a convolution of width 4', 'sees three tokens back')],
  [6, option('6', 0.7, 'a convolution of width 6', 'sees five tokens back')],
  [8, option('8', 0.7, 'a convolution of width 8', 'sees seven tokens back')],
];

const convolution: Slot = {
  name: 'convolution',
  importance: 1,
  options: targets.map(([, chosen]) => chosen),
  read: ({ convolution: part }) => (part.kind === 'none' ? 'none' : part.target),
  write: (genome, label) => {
    const target = targets.find(([value]) => value === label)?.[0];
    if (target === undefined) throw new RangeError(`slot convolution has no option ${label}`);
    if (target === 'none') return { ...genome, convolution: { kind: 'none' } };
    const { width, bias } =
      genome.convolution.kind === 'none' ? { width: 4 as const, bias: false } : genome.convolution;
    return { ...genome, convolution: { kind: 'depthwise', target, width, bias } };
  },
};

const convolutionWidth: Slot = {
  name: 'convolution-width',
  importance: 0.5,
  options: widths.map(([, chosen]) => chosen),
  read: ({ convolution: part }) => (part.kind === 'none' ? null : String(part.width)),
  write: (genome, label) => {
    const width = widths.find(([value]) => String(value) === label)?.[0];
    if (width === undefined) throw new RangeError(`slot convolution-width has no option ${label}`);
    return genome.convolution.kind === 'none' ? genome : { ...genome, convolution: { ...genome.convolution, width } };
  },
};

const convolutionBias: Slot = {
  name: 'convolution-bias',
  importance: 0.3,
  options: [
    option('none', 3, 'no bias after the convolution', 'leaves the mean of every channel to the input'),
    option('drawn', 1, 'a bias after the convolution', 'gives keys and queries a mean, and with it every score'),
  ],
  read: ({ convolution: part }) => (part.kind === 'none' ? null : part.bias ? 'drawn' : 'none'),
  write: (genome, label) =>
    genome.convolution.kind === 'none'
      ? genome
      : { ...genome, convolution: { ...genome.convolution, bias: label === 'drawn' } },
};

/** The shape of the heads and what happens to the input before it meets the state. */
export const inputSlots: readonly Slot[] = [
  fieldSlot('heads', 'heads', [
    ['half', option('half', 1, 'half as many heads', 'gives each head a larger state')],
    ['given', option('given', 3, 'the given number of heads', 'balances the size of a state and the number of states')],
    ['double', option('double', 1, 'twice as many heads', 'keeps more, smaller states apart')],
  ]),
  fieldSlot('keys', 'keys', [
    ['per-head', option('per-head', 3, 'keys of each head', 'lets every head ask for something else')],
    ['shared', option('shared', 1, 'one key twice as wide for all heads', 'buys larger states with fewer parameters')],
  ]),
  fieldSlot('key-expansion', 'keyExpansion', [
    [0.5, option('0.5', 1, 'keys of half the width', 'saves parameters for other parts')],
    [0.75, option('0.75', 1, 'keys of three quarters of the width', 'trades addresses for parameters')],
    [1, option('1', 3, 'keys of full width', 'has room for as many associations as d_k allows')],
  ]),
  fieldSlot('value-expansion', 'valueExpansion', [
    [0.75, option('0.75', 0.5, 'values of three quarters of the width', 'saves parameters for other parts')],
    [1, option('1', 4, 'values of full width', 'stores what the model width can say')],
    [1.25, option('1.25', 1, 'values widened by a quarter', 'stores more per association')],
    [1.5, option('1.5', 1, 'values widened by half', 'stores much more per association')],
  ]),
  convolution,
  convolutionWidth,
  convolutionBias,
  fieldSlot('value-map', 'valueMap', [
    ['silu', option('silu', 3, 'SiLU values', 'makes values sparse before they are stored')],
    ['identity', option('identity', 2, 'linear values', 'stores values unaltered')],
    ['rms', option('rms', 1, 'RMS-normalised values', 'writes every token with the same energy')],
  ]),
];
