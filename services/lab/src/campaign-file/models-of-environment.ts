import {
  type CampaignSettings,
  languageModelChangesSchema,
  type ThinkingRole,
  terminal,
  thinkingRoles,
  thinksWithModel,
} from '@asi/contracts';

type Setting = keyof typeof languageModelChangesSchema.shape;
const settingNames = Object.keys(languageModelChangesSchema.shape) as Setting[];

/** The variable that holds a setting of a role's model: ASI_JUDGE_MAX_OUTPUT_TOKENS is `models.judge.maxOutputTokens`. */
export const modelVariable = (role: ThinkingRole, setting: Setting): string =>
  `ASI_${role}_${setting.replaceAll(/[A-Z]/g, (letter) => `_${letter}`)}`.toUpperCase();

/**
 * Completes the models of the roles that think with one by the environment: what the campaign names for a role, and what an arm
 * names for its roles, stays as it is.
 * @param all complete every role, whatever its mind
 * @throws terminal `usage` naming a variable whose value does not fit, or that is none of these settings; values are not repeated
 */
export function withModelsOfEnvironment(
  settings: CampaignSettings,
  env: NodeJS.ProcessEnv,
  all = false,
): CampaignSettings {
  refuseAlike(env);
  const models = { ...settings.models };
  for (const role of thinkingRoles) {
    const found = changesOf(role, env);
    if (!all && !thinksWithModel(settings, role)) continue;
    const open = Object.entries(found).filter(
      ([name]) => !settings.arms.some(({ models: { common } }) => common?.[name as Setting] !== undefined),
    );
    models[role] = { ...Object.fromEntries(open), ...settings.models[role] };
  }
  return { ...settings, models };
}

/** What looks like a setting of a model and would be passed over in silence. */
function refuseAlike(env: NodeJS.ProcessEnv): void {
  const alike = new RegExp(`^ASI_(?:${[...thinkingRoles, 'common', 'embedding'].join('|')})_`, 'i');
  const roles = thinkingRoles.map((role) => `ASI_${role.toUpperCase()}_`);
  for (const variable of Object.keys(env))
    if (alike.test(variable) && !roles.some((prefix) => variable.startsWith(prefix)))
      throw terminal(
        'usage',
        `${variable} is no setting of a model: those of roles begin with ${roles.join(', ')}; ASI_MODEL and OPENAI_BASE_URL are for all roles, and the rest stands in a campaign file`,
      );
}

function changesOf(role: ThinkingRole, env: NodeJS.ProcessEnv): Partial<CampaignSettings['models'][ThinkingRole]> {
  const known = new Map(settingNames.map((setting) => [modelVariable(role, setting), setting]));
  const prefix = `ASI_${role.toUpperCase()}_`;
  const changes: Record<string, unknown> = {};
  for (const [variable, text] of Object.entries(env)) {
    if (!variable.startsWith(prefix) || text === undefined || text.trim() === '') continue;
    const setting = known.get(variable);
    if (setting === undefined)
      throw terminal('usage', `${variable} is no setting of a model; known are ${[...known.keys()].join(', ')}`);
    changes[setting] = settingFrom(setting, variable, text.trim());
  }
  return changes;
}

function settingFrom(setting: Setting, variable: string, text: string): unknown {
  const schema = languageModelChangesSchema.shape[setting];
  const meant = [text, ...(text === 'true' || text === 'false' ? [text === 'true'] : []), Number(text)];
  const parsed = meant.map((value) => schema.safeParse(value));
  const good = parsed.find(({ success }) => success);
  if (good) return good.data;
  const { error } = (Number.isNaN(Number(text)) ? parsed[0] : parsed.at(-1)) ?? {};
  throw terminal('usage', `${variable}: ${error?.issues[0]?.message ?? 'invalid'}`);
}
