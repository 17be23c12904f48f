import { type CampaignSettings, catalogue, services } from '@asi/contracts';
import type { SettingProblem } from './setting-problem.ts';

/** Roles that have work of their own: asked as a gate, they would not understand the question, and silence would decide. */
const reserved: ReadonlySet<string> = new Set([
  ...Object.values(catalogue).map(({ owner }) => owner),
  ...Object.values(services).map(({ role }) => role),
  'observatory',
  'lab',
]);

/** What the schema cannot say of the gates: that none is named after a role of the house. */
export const checkGates = ({ gates }: CampaignSettings): SettingProblem[] =>
  gates.flatMap(({ role }, index) =>
    reserved.has(role)
      ? [
          {
            path: ['gates', index, 'role'],
            text: `${role} has work of its own and answers no gate; name the role that you added (not ${[...reserved].sort().join(', ')})`,
          },
        ]
      : [],
  );
