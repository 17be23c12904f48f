import { fieldSlot, option, type Slot } from './slot.ts';

/** What the recurrent state is, and how it is written and forgotten. */
export const memorySlots: readonly Slot[] = [
  fieldSlot('feature-map', 'featureMap', [
    ['silu', option('silu', 3, 'SiLU features', 'lets keys take both signs, so that they can be nearly orthogonal')],
    ['identity', option('identity', 1, 'linear features', 'leaves keys as the projection made them')],
    ['elu-plus-one', option('elu-plus-one', 1, 'elu + 1 features', 'keeps all scores positive, as a kernel should')],
    [
      'silu-elu-plus-one',
      option('silu-elu-plus-one', 0.5, 'elu + 1 of SiLU features', 'keeps all scores positive and well above zero'),
    ],
    ['squared-relu', option('squared-relu', 1, 'squared-ReLU features', 'makes keys sparse and scores sharper')],
    ['softmax', option('softmax', 1, 'softmax features', 'turns each key into a soft address over the d_k slots')],
  ]),
  fieldSlot('normalisation', 'normalisation', [
    ['l2', option('l2', 4, 'l2-normalised keys and queries', 'bounds the eigenvalues of the state transition')],
    ['l1', option('l1', 1, 'l1-normalised keys and queries', 'bounds the scores and writes dense keys more gently')],
    ['scale', option('scale', 1, 'scores scaled by d_k^-1/2', 'lets the length of a key say how strongly it writes')],
    ['none', option('none', 0.5, 'unscaled scores', 'leaves the size of what is read to the norm of the output')],
    ['denominator', option('denominator', 1, 'normalised attention', 'makes each read a weighted mean of the values')],
  ]),
  fieldSlot('position', 'position', [
    ['none', option('none', 5, 'no position embedding', 'leaves order to the decay and the convolutions')],
    ['rotary-half', option('rotary-half', 1, 'half-rotary positions', 'gives half of each key a sense of distance')],
    ['rotary', option('rotary', 1, 'rotary positions', 'makes scores depend on the distance of the tokens')],
  ]),
  fieldSlot('decay', 'decay', [
    [{ kind: 'none' }, option('none', 3, 'no decay', 'keeps what was written for as long as nothing overwrites it')],
    [
      { kind: 'fixed', horizon: 8 },
      option('fixed-8', 0.6, 'fixed decay (horizons from 8 tokens)', 'keeps the state to the recent past'),
    ],
    [
      { kind: 'fixed', horizon: 32 },
      option('fixed-32', 0.6, 'fixed decay (horizons from 32 tokens)', 'gives the heads a ladder of memory lengths'),
    ],
    [
      { kind: 'fixed', horizon: 128 },
      option('fixed-128', 0.6, 'fixed decay (horizons from 128 tokens)', 'forgets slowly and evenly'),
    ],
    [{ kind: 'learned' }, option('learned', 1, 'a learned decay per head', 'lets each head find its memory length')],
    [
      { kind: 'learned-vector' },
      option('learned-vector', 1, 'a learned decay per channel', 'gives each key channel a memory length of its own'),
    ],
    [
      { kind: 'scalar-gated' },
      option('scalar-gated', 3, 'a gated decay per head', 'can clear a head when the input says so'),
    ],
    [
      { kind: 'sigmoid-gated', temperature: 4 },
      option('sigmoid-gated-4', 0.8, 'a sigmoid decay gate', 'can forget within a few tokens'),
    ],
    [
      { kind: 'sigmoid-gated', temperature: 16 },
      option('sigmoid-gated-16', 0.8, 'a slow sigmoid decay gate', 'forgets on demand but never abruptly'),
    ],
    [
      { kind: 'vector-gated', rank: 4 },
      option('vector-gated-4', 1, 'a gated decay per channel (rank 4)', 'can clear single key channels'),
    ],
    [
      { kind: 'vector-gated', rank: 16 },
      option('vector-gated-16', 1, 'a gated decay per channel (rank 16)', 'can clear any set of key channels'),
    ],
  ]),
  fieldSlot('write', 'write', [
    [{ kind: 'additive' }, option('additive', 1.5, 'additive writes', 'superposes all associations')],
    [{ kind: 'input-gated' }, option('input-gated', 1, 'gated additive writes', 'can leave a token out of the state')],
    [{ kind: 'step-size' }, option('step-size', 1, 'step-size writes', 'ties how much is written to how much is kept')],
    [{ kind: 'complement' }, option('complement', 1, 'complementary writes', 'writes as much as was forgotten')],
    [{ kind: 'delta', maxRate: 1 }, option('delta', 3, 'the delta rule', 'replaces the value of a key it has seen')],
    [
      { kind: 'delta', maxRate: 2 },
      option('delta-2', 2.5, 'the delta rule with beta in (0, 2)', 'can reflect the state, which tracks parities'),
    ],
    [
      { kind: 'decoupled-delta' },
      option('decoupled-delta', 1.5, 'a delta rule with separate erase and write rates', 'can erase without writing'),
    ],
    [
      { kind: 'channel-delta' },
      option('channel-delta', 1.5, 'a delta rule with a rate per channel', 'updates only some channels of a key'),
    ],
  ]),
];
