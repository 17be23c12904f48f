import { describe, expect, it } from 'vitest';
import { applyEdits } from './apply-edits.ts';

const program = 'a = 1\nb = 2\nb = 2\nprint(a)\n';

describe('the edits of a revision', () => {
  it('apply one after the other, also to what an earlier one wrote', () => {
    const edits = [
      { search: 'a = 1\n', replace: 'a = 3\n' },
      { search: 'a = 3\nb = 2\n', replace: 'a = 4\n' },
    ];
    expect(applyEdits(program, edits)).toEqual({ fits: true, source: 'a = 4\nb = 2\nprint(a)\n' });
  });

  it('write dollar signs as they are', () => {
    expect(applyEdits('x', [{ search: 'x', replace: "$& $1 $'" }])).toEqual({ fits: true, source: "$& $1 $'" });
  });

  it('are refused as a whole when one of them fits nowhere, or in two places: a guess would change another line', () => {
    const good = { search: 'a = 1', replace: 'a = 3' };
    expect(applyEdits(program, [good, { search: 'a = 1', replace: '' }])).toMatchObject({
      fits: false,
      why: expect.stringContaining('edit 2 searches for is not in the program after the edits before it'),
    });
    expect(applyEdits(program, [{ search: 'b = 2', replace: '' }])).toMatchObject({
      fits: false,
      why: expect.stringContaining('2 times'),
    });
    expect(applyEdits(program, [{ search: '', replace: 'x' }])).toMatchObject({ fits: false });
    expect(applyEdits(program, [{ search: ' a = 1', replace: '' }])).toMatchObject({ fits: false });
  });
});
