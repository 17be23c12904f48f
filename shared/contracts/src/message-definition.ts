import type { z } from 'zod';
import type { MessageKind } from './subjects.ts';

/** One kind of message: its versioned type, the place of its subject, and the schema of its data. */
export const message = <Type extends string, Data extends z.ZodType>(
  type: Type,
  kind: MessageKind,
  owner: string,
  name: string,
  data: Data,
) => ({ type, kind, owner, name, data });
