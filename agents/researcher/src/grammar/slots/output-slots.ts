import type { Genome } from '../genome.ts';
import { fieldSlot, option, type Slot, type SlotOption } from './slot.ts';

type Router = Genome['router'];
type Floor = Extract<Router, { kind: 'sigmoid' }>['floor'];
type Temperature = Extract<Router, { kind: 'hierarchical' }>['temperature'];

const routerKinds: readonly SlotOption[] = [
  option('single', 1, 'no router', 'reads the state alone'),
  option('sum', 0.7, 'a learned sum of paths', 'adds the paths with fixed channel gains'),
  option('static', 0.7, 'a static mix of paths', 'fixes the share of each path per head'),
  option('softmax', 1.5, 'a softmax router', 'lets the token choose between recall and local mixing'),
  option('statistics', 1, 'a softmax router that sees path statistics', 'chooses by what the paths have to say'),
  option('sigmoid', 1, 'independent sigmoid gates', 'opens each path without closing another'),
  option('hierarchical', 1.2, 'a two-stage router', 'decides to copy or to use context, then which context'),
];
const floors: ReadonlyArray<readonly [Floor, SlotOption]> = [
  [0, option('0', 1, 'no floor', 'may close a path entirely')],
  [0.02, option('0.02', 1, 'a floor of 0.02', 'keeps every path learning')],
  [0.1, option('0.1', 0.6, 'a floor of 0.1', 'keeps a tenth for every path, which prevents collapse')],
];
const temperatures: ReadonlyArray<readonly [Temperature, SlotOption]> = [
  ['one', option('one', 1, 'unit temperature', 'leaves sharpness to the logits')],
  ['per-head', option('per-head', 1, 'a learned temperature per head', 'lets heads sharpen at their own pace')],
];

const routerLabel = (router: Router): string =>
  router.kind === 'softmax' && router.features === 'statistics' ? 'statistics' : router.kind;

function routerOf(label: string, floor: Floor, temperature: Temperature): Router {
  switch (label) {
    case 'single':
    case 'sum':
    case 'static':
      return { kind: label };
    case 'softmax':
      return { kind: 'softmax', features: 'input', temperature, floor };
    case 'statistics':
      return { kind: 'softmax', features: 'statistics', temperature, floor };
    case 'sigmoid':
      return { kind: 'sigmoid', floor };
    case 'hierarchical':
      return { kind: 'hierarchical', temperature, floor };
    default:
      throw new RangeError(`slot router has no option ${label}`);
  }
}

const router: Slot = {
  name: 'router',
  importance: 1,
  options: routerKinds,
  read: (genome) => routerLabel(genome.router),
  write: (genome, label) => {
    const before = genome.router;
    const floor = 'floor' in before ? before.floor : 0.02;
    const temperature = 'temperature' in before ? before.temperature : 'one';
    return { ...genome, router: routerOf(label, floor, temperature) };
  },
};

const routerFloor: Slot = {
  name: 'router-floor',
  importance: 0.3,
  options: floors.map(([, chosen]) => chosen),
  read: (genome) => ('floor' in genome.router ? String(genome.router.floor) : null),
  write: (genome, label) => {
    const floor = floors.find(([value]) => String(value) === label)?.[0];
    if (floor === undefined) throw new RangeError(`slot router-floor has no option ${label}`);
    return 'floor' in genome.router ? { ...genome, router: { ...genome.router, floor } } : genome;
  },
};

const routerTemperature: Slot = {
  name: 'router-temperature',
  importance: 0.3,
  options: temperatures.map(([, chosen]) => chosen),
  read: (genome) => ('temperature' in genome.router ? genome.router.temperature : null),
  write: (genome, label) => {
    const temperature = temperatures.find(([value]) => value === label)?.[0];
    if (temperature === undefined) throw new RangeError(`slot router-temperature has no option ${label}`);
    return 'temperature' in genome.router ? { ...genome, router: { ...genome.router, temperature } } : genome;
  },
};

/** The paths beside the state, how they are combined, and how the result leaves the mixer. */
export const outputSlots: readonly Slot[] = [
  fieldSlot('skip', 'skip', [
    ['none', option('none', 3, 'no skip', 'reads the current token through the state only')],
    ['constant', option('constant', 1, 'a constant value skip', 'passes the current value with a learned gain')],
    ['bonus', option('bonus', 1, 'a current-token bonus', 'weighs the current token by its own score')],
    ['gated', option('gated', 1, 'a gated value skip', 'passes the current value when the input says so')],
  ]),
  fieldSlot('direct-path', 'directPath', [
    ['none', option('none', 2, 'no direct path', 'spends nothing on copying')],
    ['value', option('value', 2, 'an identity path', 'copies the current value past the memory')],
    ['running-mean', option('running-mean', 1, 'a running-mean path', 'offers a global average of the past')],
  ]),
  fieldSlot('short-filter', 'shortFilter', [
    [{ kind: 'none' }, option('none', 2.5, 'no short FIR path', 'has no local path of its own')],
    [{ kind: 'fir', width: 3 }, option('fir-3', 1, 'a short FIR path (3 taps)', 'mixes values over three tokens')],
    [{ kind: 'fir', width: 5 }, option('fir-5', 1, 'a short FIR path (5 taps)', 'mixes values over five tokens')],
    [{ kind: 'fir', width: 7 }, option('fir-7', 0.7, 'a short FIR path (7 taps)', 'mixes values over seven tokens')],
  ]),
  fieldSlot('long-filter', 'longFilter', [
    [{ kind: 'none' }, option('none', 2.5, 'no long FIR path', 'leaves distance to the state')],
    [{ kind: 'fir', width: 16 }, option('fir-16', 0.7, 'a long FIR path (16 taps)', 'sees a phrase at once')],
    [{ kind: 'fir', width: 32 }, option('fir-32', 0.7, 'a long FIR path (32 taps)', 'sees a sentence at once')],
    [
      { kind: 'dilated', dilation: 2 },
      option('dilated-2', 0.6, 'a dilated FIR path (every 2nd token)', 'reaches 7 tokens back with 4 taps'),
    ],
    [
      { kind: 'dilated', dilation: 4 },
      option('dilated-4', 0.6, 'a dilated FIR path (every 4th token)', 'reaches 12 tokens back with 4 taps'),
    ],
    [
      { kind: 'dilated', dilation: 8 },
      option('dilated-8', 0.6, 'a dilated FIR path (every 8th token)', 'reaches 24 tokens back with 4 taps'),
    ],
  ]),
  router,
  routerFloor,
  routerTemperature,
  fieldSlot('output-norm', 'outputNorm', [
    ['rms-head', option('rms-head', 4, 'RMS norm per head', 'makes heads speak equally loudly')],
    ['layer-head', option('layer-head', 1, 'layer norm per head', 'removes what all channels of a head share')],
    ['rms-full', option('rms-full', 1, 'RMS norm over all heads', 'lets heads compete for amplitude')],
    ['none', option('none', 0.7, 'no output norm', 'lets an empty read stay silent')],
  ]),
  fieldSlot('output-gate', 'outputGate', [
    ['none', option('none', 3, 'no output gate', 'spends no parameters on gating')],
    ['silu', option('silu', 1, 'a SiLU output gate', 'selects channels of the read by the token')],
    ['sigmoid', option('sigmoid', 1, 'a sigmoid output gate', 'can silence channels of the read')],
    ['low-rank', option('low-rank', 1, 'a low-rank output gate', 'gates channels at an eighth of the cost')],
    ['head', option('head', 1, 'a gate per head', 'can silence a whole head')],
    ['silu-before-norm', option('silu-before-norm', 0.7, 'a gate before the norm', 'gates, then rescales')],
  ]),
];
