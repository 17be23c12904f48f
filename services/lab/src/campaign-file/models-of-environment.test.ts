import {
  campaignSettingsSchema,
  languageModelChangesSchema,
  modelOf,
  settingsOfArm,
  thinkingRoles,
} from '@asi/contracts';
import { expect, test } from 'vitest';
import { modelVariable, withModelsOfEnvironment } from './models-of-environment.ts';

const allThink = { researcher: 'llm', engineer: 'llm', analyst: 'llm', judge: 'llm' } as const;
const campaign = (settings: object) => campaignSettingsSchema.parse({ minds: allThink, ...settings });

test('every setting of a role can come from the environment, as what it is', () => {
  const values = {
    ...{ baseUrl: 'http://127.0.0.1:8000/v1', model: '4', apiKeyVariable: 'JUDGE_KEY', temperature: 0.2 },
    ...{ reasoningEffort: 'low', structuredOutput: 'prompt', streaming: false, maxOutputTokens: 900 },
    answerLimitField: 'max_completion_tokens',
    ...{ contextTokens: 8000, requestSeconds: 7, stallSeconds: 3, retries: 0 },
  };
  expect(Object.keys(values)).toEqual(Object.keys(languageModelChangesSchema.shape));
  for (const role of thinkingRoles) {
    const env = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [modelVariable(role, name as keyof typeof values), String(value)]),
    );
    const { models } = withModelsOfEnvironment(campaign({}), env);
    expect(modelOf(models, role)).toEqual(values);
    for (const other of thinkingRoles) if (other !== role) expect(modelOf(models, other)).toEqual(models.common);
  }
});

test('what the campaign file says of a role wins over the environment, and that over what all roles have in common', () => {
  const file = campaign({ models: { common: { model: 'common', retries: 1 }, judge: { model: 'of the file' } } });
  const env = { ASI_JUDGE_MODEL: 'of the environment', ASI_JUDGE_RETRIES: '2', ASI_ANALYST_MODEL: 'other' };
  const { models } = withModelsOfEnvironment(file, env);
  expect(modelOf(models, 'judge')).toMatchObject({ model: 'of the file', retries: 2 });
  expect(modelOf(models, 'analyst')).toMatchObject({ model: 'other', retries: 1 });
  expect(modelOf(models, 'engineer')).toMatchObject({ model: 'common', retries: 1 });
});

test('arms that are compared by their models are not made equal by the environment', () => {
  const arms = [
    { name: 'large', share: 1, models: { common: { model: 'large' } } },
    { name: 'small', share: 1, models: { common: { model: 'small' } } },
  ];
  const settings = withModelsOfEnvironment(campaign({ arms }), {
    ASI_RESEARCHER_MODEL: 'other',
    ASI_RESEARCHER_RETRIES: '9',
  });
  const asked = settings.arms.map(({ name }) => modelOf(settingsOfArm(settings, name).models, 'researcher'));
  expect(asked.map(({ model, retries }) => [model, retries])).toEqual([
    ['large', 9],
    ['small', 9],
  ]);
});

test('a role that asks no model has none in the record of its campaign, unless all are wanted', () => {
  const offline = campaignSettingsSchema.parse({});
  const env = { ASI_JUDGE_MODEL: 'any' };
  expect(withModelsOfEnvironment(offline, env)).toEqual(offline);
  expect(withModelsOfEnvironment(offline, env, true).models.judge).toEqual({ model: 'any' });
});

test.each([
  ['ASI_JUDGE_TEMPERATURE', 'hot', /^ASI_JUDGE_TEMPERATURE: .*number/],
  ['ASI_JUDGE_TEMPERATURE', '5', /^ASI_JUDGE_TEMPERATURE: .*<=2/],
  ['ASI_JUDGE_STREAMING', 'yes', /^ASI_JUDGE_STREAMING: .*boolean, received string/],
  ['ASI_JUDGE_BASE_URL', 'http://u:pass@host/v1', /^ASI_JUDGE_BASE_URL: must .* hold no name, password/],
  [
    'ASI_COMMON_MODEL',
    'some-model',
    /^ASI_COMMON_MODEL is no setting of a model: those of roles begin with .*ASI_MODEL/,
  ],
  ['ASI_judge_MODEL', 'some-model', /^ASI_judge_MODEL is no setting of a model/],
  [
    'ASI_JUDGE_API_KEY',
    'sk-0123456789',
    /^ASI_JUDGE_API_KEY is no setting of a model; known are .*ASI_JUDGE_API_KEY_VARIABLE/,
  ],
  ['ASI_JUDGE_API_KEY_VARIABLE', 'sk-0123456789', /^ASI_JUDGE_API_KEY_VARIABLE: /],
])(
  '%s=%s is a wrong usage that names the variable and never its value, which may be a key',
  (variable, value, message) => {
    const attempt = () => withModelsOfEnvironment(campaign({}), { [variable]: value });
    expect(attempt).toThrow(message);
    expect(attempt).not.toThrow(value);
  },
);

test('a variable that is set to nothing says nothing', () => {
  expect(withModelsOfEnvironment(campaign({}), { ASI_JUDGE_MODEL: '', ASI_JUDGE_RETRIES: ' ' })).toEqual(campaign({}));
});
