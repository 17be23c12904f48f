import type { ArmName } from './arm.ts';
import type { CampaignSettings } from './campaign.ts';
import { terminal } from './errors.ts';
import { thinkingRoles } from './language-model.ts';

/**
 * The settings that the candidates of an arm are made by: those of the campaign with the changes of the arm; without an
 * arm, those of the campaign.
 * @throws terminal `unknown-arm` when the campaign has no such arm
 */
export function settingsOfArm(settings: CampaignSettings, name: ArmName | null): CampaignSettings {
  if (name === null) return settings;
  const arm = settings.arms.find((one) => one.name === name);
  if (!arm) throw terminal('unknown-arm', `the campaign has no arm ${name}: name one of its file`);
  const models = { ...settings.models, common: { ...settings.models.common, ...given(arm.models.common ?? {}) } };
  for (const role of thinkingRoles) models[role] = { ...settings.models[role], ...given(arm.models[role] ?? {}) };
  return {
    ...settings,
    minds: { ...settings.minds, ...given(arm.minds) },
    models,
    policy: arm.policy ?? settings.policy,
    learnFromInsights: arm.learnFromInsights ?? settings.learnFromInsights,
  };
}

/** Without the keys that are undefined, which would hide what the campaign has. */
const given = <Changes extends object>(changes: Changes) =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Changes]?: Exclude<Changes[Key], undefined>;
  };

/** The settings of the campaign itself (`arm` null), then those of each of its arms, in their order. */
export const settingsOfEach = (
  settings: CampaignSettings,
): ReadonlyArray<{ readonly arm: ArmName | null; readonly settings: CampaignSettings }> =>
  [null, ...settings.arms.map(({ name }) => name)].map((arm) => ({ arm, settings: settingsOfArm(settings, arm) }));
