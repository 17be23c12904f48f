import { z } from 'zod';
import { historySchema } from '../views/best-so-far.ts';
import { campaignSummarySchema } from '../views/campaign-summary.ts';
import { contributionsSchema } from '../views/contributions.ts';
import { costsSchema } from '../views/costs.ts';
import { curvesSchema } from '../views/curves.ts';
import { experimentViewSchema } from '../views/experiment-view.ts';
import { failureSchema } from '../views/failures.ts';
import { journalLineSchema } from '../views/journal-line.ts';
import { leaderboardSchema } from '../views/leaderboard.ts';
import { progressSchema } from '../views/progress.ts';
import { statusSchema } from '../views/status.ts';
import { treeSchema } from '../views/tree.ts';

type Schema = {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly description?: string;
  readonly properties?: Record<string, Schema>;
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
};

/** The views as JSON, with where they are seen. */
const views: ReadonlyArray<readonly [name: string, where: string, schema: z.ZodType]> = [
  ['Campaign', '`asi export` (campaign.json), dashboard', campaignSummarySchema],
  ['Progress', 'field `progress` of `asi status --json`, result of `asi run --json`', progressSchema],
  ['Leaderboard', '`asi leaderboard --json` (which adds the field `failures`)', leaderboardSchema],
  [
    'Failure',
    'field `failures` of `asi leaderboard --json`; `asi leaderboard --failures --json` is a list of them',
    failureSchema,
  ],
  ['Experiment', '`asi show ID --json`; a line of experiments.jsonl of `asi export`', experimentViewSchema],
  ['Tree', '`asi tree --json`', treeSchema],
  ['JournalLine', 'a line of `asi journal --json`, `asi watch --json`, `asi run --json`', journalLineSchema],
  ['Status', '`asi status --json` (which adds `stack`, `campaigns` and `progress`)', statusSchema],
  ['History', 'dashboard, report', historySchema],
  ['Contributions', 'dashboard, report', contributionsSchema],
  ['Costs', 'dashboard, report', costsSchema],
  ['Curves', 'body of a curves artifact: training losses by task, pairs of step and loss', curvesSchema],
];

const head = `# JSON of the command and the dashboard

<!-- Made from the schemas of shared/reading (a test compares); change the schemas, then run: npx vitest run shared/reading -u -->

Every reading command takes \`--json\` and writes one JSON value, or one value a line for streams. Fields are only ever
added. Numbers that are not finite (a diverged loss) are the strings \`"NaN"\`, \`"Infinity"\` and \`"-Infinity"\`. Times are
ISO 8601 in UTC. Differences and intervals are in units of merit.

| command | JSON |
| --- | --- |
| \`asi status\` | [Status](#status) with \`stack\` (null when it is stopped, else pid, addresses, dashboard and \`supervised\`, the state of each process), \`campaigns\` and \`progress\` |
| \`asi leaderboard\` | [Leaderboard](#leaderboard) with \`failures\` |
| \`asi show ID\` | [Experiment](#experiment) |
| \`asi tree\` | [Tree](#tree) |
| \`asi journal\`, \`asi watch\` | [JournalLine](#journalline), one a line |
| \`asi run\` | [JournalLine](#journalline), one a line; the last line is \`{"result": {"state", "progress", "leaderboard", "failures", "report"}}\` |
| \`asi report\`, \`asi export\` | \`{"campaignId", "path"}\`, \`{"campaignId", "folder", "experiments", "programs", "messages"}\` |
| \`asi certify FILE\` | the certificate: \`verdict\` (pass, flagged, fail, unsupported), \`findings\` (test, kind, status, measured, threshold, smallestInput, message), parameters, FLOPs and exponents, fingerprint |
| \`asi doctor\` | \`{"findings": [{"what", "verdict", "found", "advice"}]}\`; verdict is good, remark or missing |
| \`asi up\` | \`{"pid", "natsUrl", "mongodbUrl", "dashboard"}\` |
`;

/** The text of docs/json.md. */
export function jsonDocument(): string {
  const sections = views.map(([name, where, schema]) => {
    const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema;
    const rows = fieldsOf(json, '').map(([path, type, meaning]) => `| \`${path}\` | ${type} | ${meaning} |`);
    const table =
      rows.length === 0 ? typeOf(json) : ['| field | type | meaning |', '| --- | --- | --- |', ...rows].join('\n');
    return `## ${name}\n\nSeen in: ${where}.\n\n${table}\n`;
  });
  return [head, ...sections].join('\n');
}

type Field = readonly [path: string, type: string, meaning: string];

function fieldsOf(schema: Schema, prefix: string): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]): Field[] => {
    const path = prefix ? `${prefix}.${name}` : name;
    const own: Field = [path, typeOf(inner), inner.description ?? ''];
    const core = withoutNull(inner);
    if (core.properties) return [own, ...fieldsOf(core, path)];
    const items = core.items && withoutNull(core.items);
    if (items?.properties) return [own, ...fieldsOf(items, `${path}[]`)];
    const values = typeof core.additionalProperties === 'object' ? core.additionalProperties : null;
    return values?.properties ? [own, ...fieldsOf(values, `${path}.*`)] : [own];
  });
}

const alternatives = (schema: Schema): readonly Schema[] => schema.anyOf ?? schema.oneOf ?? [];

/** The one alternative that is not null, where there is exactly one. */
function withoutNull(schema: Schema): Schema {
  const others = alternatives(schema).filter(({ type }) => type !== 'null');
  return others.length === 1 && others[0] ? others[0] : schema;
}

function typeOf(schema: Schema): string {
  const choices = alternatives(schema);
  if (choices.length > 0) return [...new Set(choices.map(typeOf))].join(' or ');
  if (schema.enum) return schema.enum.map((one) => `\`"${String(one)}"\``).join(', ');
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.prefixItems) return `[${schema.prefixItems.map(typeOf).join(', ')}]`;
  if (schema.type === 'array') return `list of ${schema.items ? typeOf(schema.items) : 'anything'}`;
  if (schema.properties) return 'object';
  if (typeof schema.additionalProperties === 'object')
    return `object by name of ${typeOf(schema.additionalProperties)}`;
  return (
    { integer: 'whole number', number: 'number', string: 'text', boolean: 'true or false', null: 'null' }[
      schema.type ?? ''
    ] ?? 'anything'
  );
}
