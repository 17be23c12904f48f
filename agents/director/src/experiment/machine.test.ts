import { transitionTableOf } from '@asi/testkit';
import { describe, expect, it } from 'vitest';
import type { AnyStateNode } from 'xstate';
import { experimentMachine } from './machine.ts';

const nodes = (node: AnyStateNode): AnyStateNode[] => [
  node,
  ...Object.values(node.states).flatMap((child) => nodes(child as AnyStateNode)),
];
const leaves = nodes(experimentMachine.root).filter((node) => node.type === 'atomic');
const finals = Object.values(experimentMachine.root.states).filter((node) => node.type === 'final');

describe('the experiment machine', () => {
  it('has exactly the transitions that were agreed on: a missing one would leave experiments waiting', async () => {
    await expect(`${JSON.stringify(transitionTableOf(experimentMachine), null, 2)}\n`).toMatchFileSnapshot(
      'machine.transitions.json',
    );
  });

  it('lets nothing wait for ever: every state that is not final declares a deadline', () => {
    for (const node of leaves) expect(node.meta, node.path.join('.')).toMatchObject({ deadline: expect.any(String) });
  });

  it('can be cancelled from every state that is not final', () => {
    for (const node of leaves) {
      const handled = [node, ...ancestors(node)].some((one) => one.ownEvents.includes('CANCEL'));
      expect(handled, node.path.join('.')).toBe(true);
    }
  });

  it('announces the end in every final state', () => {
    expect(finals.map((node) => node.key).sort()).toEqual(['cancelled', 'completed', 'failed', 'rejected']);
    for (const node of finals) expect(node.entry).toContainEqual('announceSettled');
  });
});

function ancestors(node: AnyStateNode): AnyStateNode[] {
  return node.parent ? [node.parent, ...ancestors(node.parent)] : [];
}
