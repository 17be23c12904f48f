import type { AnyStateMachine } from 'xstate';

/** One line per transition of a machine: `state --EVENT [guard]--> target`. */
export type TransitionTable = readonly string[];

/**
 * All transitions of a machine as sorted text. Committed beside the machine, it makes every change of its behaviour a
 * change that a reviewer sees: adding, removing or redirecting a transition fails the machine's test.
 */
export function transitionTableOf(machine: AnyStateMachine): TransitionTable {
  const lines: string[] = [];
  for (const node of machine.states ? allNodes(machine.root) : []) {
    for (const transitions of node.transitions.values()) {
      for (const one of transitions) lines.push(lineOf(node, one.eventType, one));
    }
    for (const one of node.always ?? []) lines.push(lineOf(node, 'always', one));
  }
  return lines.sort();
}

type Node = AnyStateMachine['root'];
type Transition = { readonly guard?: unknown; readonly target?: ReadonlyArray<Node> | undefined };

const allNodes = (node: Node): Node[] => [
  node,
  ...Object.values(node.states).flatMap((child) => allNodes(child as Node)),
];

function lineOf(node: Node, event: string, { guard, target }: Transition): string {
  const state = node.path.join('.') || '(any)';
  const condition = guard === undefined ? '' : ` [${guardName(guard)}]`;
  const targets = target?.map((one) => one.path.join('.')).join(' + ') ?? '(stays)';
  return `${state} --${event.replace(/\d+\.(?=[\w(])/g, '')}${condition}--> ${targets}`;
}

function guardName(guard: unknown): string {
  if (typeof guard === 'string') return guard;
  if (guard !== null && typeof guard === 'object' && 'type' in guard) {
    const { type, params } = guard as { type: unknown; params?: unknown };
    return typeof params === 'object' && params !== null ? `${String(type)} ${JSON.stringify(params)}` : String(type);
  }
  return 'inline';
}
