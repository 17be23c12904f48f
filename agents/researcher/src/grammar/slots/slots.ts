import { inputSlots } from './input-slots.ts';
import { memorySlots } from './memory-slots.ts';
import { outputSlots } from './output-slots.ts';
import type { Slot } from './slot.ts';

/** Every slot of the grammar, in the order in which data flows through a mixer. Sub-slots follow the slot they refine. */
export const slots: readonly Slot[] = [...inputSlots, ...memorySlots, ...outputSlots];

const byName = new Map(slots.map((slot) => [slot.name, slot]));

/** The slot of that name. Throws RangeError on an unknown name. */
export function slotOf(name: string): Slot {
  const slot = byName.get(name);
  if (slot === undefined) throw new RangeError(`the grammar has no slot ${name}`);
  return slot;
}

/** Whether a label `slot=option` names something that the grammar can say; designs of other authors have labels of their own. */
export function isGrammarLabel(label: string): boolean {
  const [slot = '', option] = label.split('=');
  return byName.get(slot)?.options.some((one) => one.label === option) ?? false;
}
