import { describe, expect, it } from 'vitest';
import { mostChangedLines, notMinimal } from './minimal-change.ts';
import { programInterface } from './program-interface.ts';

const program = `import torch
from torch import nn


def helper(x):
    return x


class Mixer(nn.Module):
    def __init__(
        self, d_model: int, n_heads: int, *, layer_idx: int = 0,  # (which layer
        n_layers: int = 1,
    ) -> None:
        super().__init__()
        self.mix = nn.Linear(d_model, d_model)

    def forward(self, x: torch.Tensor):
        return self.mix(x)


class Other(nn.Module):
    def forward(self, x, y):
        return x
`;

describe('the interface of a program', () => {
  it('is told by the class that is trained and the parameters of its two methods, whatever the layout', () => {
    expect(programInterface(program)).toBe(
      'Mixer __init__(self,d_model:int,n_heads:int,*,layer_idx:int=0,n_layers:int=1) forward(self,x:torch.Tensor)',
    );
  });

  it('does not end at a parenthesis or comment at the margin', () => {
    const odd = program.replace('    ) -> None:', ') -> None:').replace('        super()', '# a note\n        super()');
    expect(programInterface(odd)).toBe(programInterface(program));
  });
});

describe('a minimal change', () => {
  const change = (from: string, to: string) => notMinimal(program, program, program.replace(from, to));

  it('is one within the methods', () => {
    expect(change('return self.mix(x)', 'return self.mix(x).tanh()')).toBeNull();
    expect(change('return x\n\n', 'return 2 * x\n\n')).toBeNull();
  });

  it.each([
    ['class Mixer', 'class Mixed'],
    ['n_layers: int = 1', 'n_layers: int = 2'],
    ['def forward(self, x: torch.Tensor)', 'def forward(self, x: torch.Tensor, mask=None)'],
    ['def forward(self, x: torch.Tensor)', 'def backward(self, x: torch.Tensor)'],
  ])('leaves the interface as it is: not %s → %s', (from, to) => {
    expect(change(from, to)).toContain('interface');
  });

  it('changes something', () => {
    expect(notMinimal(program, program, program)).toContain('nothing');
  });

  it('is bounded over all revisions together, counted from the design', () => {
    const lines = (count: number) => Array.from({ length: count }, (_, index) => `    a${index} = 0\n`).join('');
    const grown = (count: number) => program.replace('def helper(x):\n', `def helper(x):\n${lines(count)}`);
    const most = mostChangedLines(program);
    expect(notMinimal(program, program, grown(most))).toBeNull();
    expect(notMinimal(program, grown(most), grown(most + 1))).toContain(`${most + 1} lines differ`);
  });

  it('is counted no further than a little over the limit, or one answer of other lines would freeze the engineer', () => {
    const others = (of: string, count: number) =>
      Array.from({ length: count }, (_, line) => `# ${of}${line}`).join('\n');
    const long = `${program}${others('designed', 400)}`;
    expect(notMinimal(long, long, `${program}${others('changed', 400_000)}`)).toBe(
      `more than ${mostChangedLines(long) + 60} lines differ from the program as it was designed, and ${mostChangedLines(long)} may: change less`,
    );
  });

  it('is bounded for a design of very many lines too, or the square of half of them would freeze the engineer', () => {
    const others = (of: string) => Array.from({ length: 150_000 }, (_, line) => `#${of}${line}`).join('\n');
    const long = `${program}${others('a')}`;
    expect(notMinimal(long, long, `${program}${others('b')}`)).toBe(
      'more than 660 lines differ from the program as it was designed, and 600 may: change less',
    );
  });
});
