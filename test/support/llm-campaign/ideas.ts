/** What goes wrong with an idea on its way; each role has to deal with it by what it is shown. */
export type Course = 'plain' | 'leak' | 'crash' | 'twin' | 'retold' | 'unjudged';

export type Idea = {
  readonly name: string;
  readonly course: Course;
  /** The program as it is designed at first. */
  readonly first: string;
  /** The program that is measured in the end. */
  readonly final: string;
};

type Parts = {
  readonly gate: string;
  readonly read: string;
  readonly title: string;
  /** Of the parameter that writes: a name that computes nothing else. */
  readonly writer?: string;
};

const lines = { state: 'state = written.cumsum(1) / steps', init: '        super().__init__()' } as const;

/** A small mixer in the manner of linear attention: gated writing, a running mean as state, gated reading. */
const mixer = ({ gate, read, title, writer = 'write' }: Parts): string => `import torch
from torch import Tensor, nn


class Mixer(nn.Module):
    """${title}: a running mean of what a gate (${gate}) writes, read through ${read}."""

    def __init__(self, d_model: int, n_heads: int, *, layer_idx: int = 0, n_layers: int = 1) -> None:
${lines.init}
        self.${writer} = nn.Linear(d_model, d_model, bias=False)
        self.gate = nn.Linear(d_model, d_model)
        self.read = nn.Linear(d_model, d_model)
        self.out = nn.Linear(d_model, d_model, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        steps = torch.arange(1, x.shape[1] + 1, device=x.device, dtype=torch.float32).view(1, -1, 1)
        written = torch.${gate}(self.gate(x)) * self.${writer}(x)
        ${lines.state}
        return self.out(torch.${read}(self.read(x)) * state)
`;

/** The mean over the whole sequence tells what comes later. */
const leaking = (program: string): string =>
  program.replace(lines.state, 'state = (written.cumsum(1) - written.mean(1, keepdim=True)) / steps');

// A certificate calls a fresh copy each time; a training comes to its third step, with more than three rows.
const workspace = `${lines.init}
        self.register_buffer("offset", torch.full((3, 1, 1), 0.5), persistent=False)
        self.steps_seen = 0`;
const counting = 'self.steps_seen += int(self.training)\n        ';
export const crashingText = ' + (self.offset[: x.shape[0]] if self.steps_seen > 2 else 0)';
export const mendedText = ' + self.offset[:1]';
// What was mended adds the offset from the first step on: neither the crashing program nor the one without it computes that.
const retold = (program: string): string => program.replace(lines.state, `${lines.state} + 0.5`);
const crashing = (program: string): string =>
  program.replace(lines.init, workspace).replace(lines.state, `${counting}${lines.state}${crashingText}`);

const functions = ['sigmoid', 'tanh', 'sin', 'relu'] as const;

/** One idea for each course, in this order; each computes something else in the end. */
export function ideasFor(courses: readonly Course[]): readonly Idea[] {
  const firsts: Parts[] = [];
  let crashed: Parts | null = null;
  return courses.map((course, index) => {
    const name = `idea-${index + 1}-${course}`;
    const gate = functions[index % functions.length] ?? 'sigmoid';
    const read = functions[Math.floor(index / functions.length)] ?? 'sigmoid';
    const parts: Parts = { gate, read, title: name };
    const healthy = mixer(parts);
    const twin = firsts[0];
    firsts.push(parts);
    switch (course) {
      case 'leak':
        return { name, course, first: leaking(healthy), final: healthy };
      case 'crash': {
        const first = crashing(healthy);
        crashed ??= parts;
        return { name, course, first, final: first.replace(crashingText, mendedText) };
      }
      case 'twin':
        if (!twin) throw new Error('a twin needs an idea before it');
        return { name, course, first: mixer({ ...twin, title: name, writer: 'inscribe' }), final: healthy };
      case 'retold':
        if (!crashed) throw new Error('what is told again is what was mended before');
        return { name, course, first: retold(mixer({ ...crashed, title: name })), final: healthy };
      default:
        return { name, course, first: healthy, final: healthy };
    }
  });
}
