import {
  analysisSchema,
  callRecordSchema,
  campaignSettingsSchema,
  certificateSchema,
  confirmationResultSchema,
  confirmationSchema,
  designSchema,
  endReasonSchema,
  experimentRecordSchema,
  fitnessSchema,
  judgementSchema,
  measurementSchema,
  referenceSchema,
} from '@asi/contracts';
import type { z } from 'zod';
import { divergenceSchema, replayReportSchema, trainedAgainSchema } from '../replay/replay-report.ts';
import { armComparisonSchema, armViewSchema } from '../views/arms.ts';
import { historySchema } from '../views/best-so-far.ts';
import { callSumSchema } from '../views/call-sum.ts';
import { callsSchema } from '../views/calls.ts';
import { campaignSummarySchema } from '../views/campaign-summary.ts';
import { contributionsSchema } from '../views/contributions.ts';
import { costsSchema } from '../views/costs.ts';
import { curvesSchema } from '../views/curves.ts';
import { experimentViewSchema } from '../views/experiment-view.ts';
import { failureSchema } from '../views/failures.ts';
import { freshPairsSchema } from '../views/fresh-pairs.ts';
import { journalLineSchema } from '../views/journal-line.ts';
import { leaderboardRowSchema, leaderboardSchema } from '../views/leaderboard.ts';
import { noiseViewSchema } from '../views/noise.ts';
import { progressSchema } from '../views/progress.ts';
import { statusSchema } from '../views/status.ts';
import { treeSchema } from '../views/tree.ts';
import { messageSection } from './message-section.ts';
import { fieldsOf, jsonOf, type Schema, type SectionOf, typeOf } from './schema-fields.ts';

/** The views as JSON, with where they are seen. */
const views: ReadonlyArray<readonly [name: string, where: string, schema: z.ZodType]> = [
  ['Campaign', '`asi export` (campaign.json), dashboard', campaignSummarySchema],
  [
    'Reference',
    '`asi export` (reference.json), `data` of `asi.campaign.reference-set.v1`: what the scores of a campaign refer to',
    referenceSchema,
  ],
  [
    'Confirmation',
    '`asi export` (field `plan` of confirmations.json), `data` of `asi.confirmation.planned.v1`',
    confirmationSchema,
  ],
  [
    'ConfirmationResult',
    '`asi export` (field `result` of confirmations.json), a row of the leaderboard, `data` of `asi.confirmation.concluded.v1`',
    confirmationResultSchema,
  ],
  ['Progress', 'field `progress` of `asi status --json`, result of `asi run --json`', progressSchema],
  ['NoiseView', '`asi noise --json`', noiseViewSchema],
  [
    'Leaderboard',
    '`asi leaderboard --json` (which adds the fields `failures` and `arms`); `asi export` (leaderboard.json)',
    leaderboardSchema,
  ],
  [
    'LeaderboardRow',
    'a row of the leaderboard; `best` and `bestBaseline` of the progress; `standing` of an experiment',
    leaderboardRowSchema,
  ],
  [
    'Failure',
    'field `failures` of `asi leaderboard --json`; `asi leaderboard --failures --json` is a list of them',
    failureSchema,
  ],
  ['Experiment', '`asi show ID --json`; a line of experiments.jsonl of `asi export`', experimentViewSchema],
  ['FreshPairs', 'field `confirmations` of an experiment: a confirmation, run by run', freshPairsSchema],
  ['Record', 'field `record` of an experiment: null while it is under way', experimentRecordSchema],
  ['Design', 'field `design` of a record and of messages', designSchema],
  ['Judgement', 'field `judgement` of a record and of messages', judgementSchema],
  ['Analysis', 'field `analysis` of a record and of messages', analysisSchema],
  ['Fitness', 'field `fitness` of a record and of messages', fitnessSchema],
  ['Reason', 'field `reason` of a record and of messages', endReasonSchema],
  ['Measurement', 'field `measurement` of a record', measurementSchema],
  ['Certificate', '`asi certify FILE --json`; body of a certificate artifact', certificateSchema],
  ['Tree', '`asi tree --json`', treeSchema],
  [
    'JournalLine',
    'a line of `asi journal --json`, `asi watch --json`, `asi run --json`; a line of messages.jsonl of `asi export`',
    journalLineSchema,
  ],
  ['Status', '`asi status --json` (which adds `stack`, `campaigns`, `progress`, `costs` and `arms`)', statusSchema],
  ['History', 'dashboard, report', historySchema],
  ['Contributions', 'dashboard, report', contributionsSchema],
  [
    'ArmComparison',
    'field `arms` of `asi leaderboard --json` and `asi status --json`, dashboard, report',
    armComparisonSchema,
  ],
  ['Arm', 'an arm of [ArmComparison](#armcomparison)', armViewSchema],
  ['Costs', 'field `costs` of `asi status --json`, dashboard, report', costsSchema],
  ['Calls', '`asi cost --json`', callsSchema],
  ['CallSum', 'sums of [Calls](#calls)', callSumSchema],
  [
    'Call',
    'a row of `asi cost --calls ID --json`; `data` of `asi.model.called.v1`; a line of calls.jsonl of `asi export`, which adds `prompt` and `answer`',
    callRecordSchema,
  ],
  ['Replay', '`asi replay --json`', replayReportSchema],
  ['Divergence', 'field `divergence` of a [Replay](#replay)', divergenceSchema],
  ['TrainedAgain', 'field `retrained.differences` of a [Replay](#replay)', trainedAgainSchema],
  ['Curves', 'body of a curves artifact: training losses by task, pairs of step and loss', curvesSchema],
];

const shapeOf = ({ properties }: Schema): string => JSON.stringify(properties);

/** What has a section, here or in another document, by its fields: the schemas themselves carry no names. */
const sections = new Map<string, string>([
  ...views.flatMap(([name, , schema]) => {
    const json = jsonOf(schema);
    return json.properties ? [[shapeOf(json), `[${name}](#${name.toLowerCase()})`] as const] : [];
  }),
  [shapeOf(jsonOf(campaignSettingsSchema)), '[campaign file](campaign-file.md)'],
]);
const sectionOf: SectionOf = (schema) => (schema.properties && sections.get(shapeOf(schema))) ?? null;

const head = `# JSON of the command and the dashboard

<!-- Made from the schemas of shared/reading (a test compares); change the schemas, then run: npx vitest run shared/reading -u -->

Every reading command takes \`--json\` and writes one JSON value, or one value a line for streams. Fields are only ever
added. Numbers that are not finite (a diverged loss) are the strings \`"NaN"\`, \`"Infinity"\` and \`"-Infinity"\`. Times are
ISO 8601 in UTC. Differences and intervals are in units of merit.

| command | JSON |
| --- | --- |
| \`asi status\` | [Status](#status) with \`stack\` (null when it is stopped, else \`running\`: true, \`pid\`, \`startedAt\`, \`natsUrl\`, \`mongodbUrl\`, \`dashboard\`: address or null, \`supervised\`: list of processes with \`name\`, \`state\`, \`pid\`, \`restarts\`), \`campaigns\` (list of [Campaign](#campaign), oldest first, without \`settings\`), \`progress\`, \`costs\` and \`arms\` ([Progress](#progress), [Costs](#costs) and [ArmComparison](#armcomparison) of the open campaign, of the newest when none is open, or of that of --campaign; null without one, and \`arms\` where it is not split) |
| \`asi confirm ID\` | \`{"campaignId", "confirmation"}\`: the confirmation as in a row of the [Leaderboard](#leaderboard) |
| \`asi noise\` | [NoiseView](#noiseview) |
| \`asi leaderboard\` | [Leaderboard](#leaderboard) with \`failures\` and \`arms\` ([ArmComparison](#armcomparison); null when the campaign is not split) |
| \`asi show ID\` | [Experiment](#experiment) |
| \`asi tree\` | [Tree](#tree) |
| \`asi journal\`, \`asi watch\` | [JournalLine](#journalline), one a line; of \`asi watch\` on a stopped stack one line, \`{"stopped": {"state", "progress"}}\` |
| \`asi run\` | [JournalLine](#journalline), one a line; the last line is \`{"result": {"state", "progress", "leaderboard", "failures", "report"}}\` |
| \`asi cost\` | [Calls](#calls); with --calls ID a list of [Call](#call) |
| \`asi report\`, \`asi export\` | \`{"campaignId", "path"}\`, \`{"campaignId", "folder", "experiments", "programs", "messages", "calls", "artifacts", "bytes", "absentArtifacts"}\` and, with --tensorboard, \`tensorboard\`: its folder, and \`runs\`; the files are told in [export.md](export.md) |
| \`asi rescore ID\` | \`{"id", "equal", "rawHash", "measuredBy", "rescoredBy", "suspectLeak", "scores", "fields", "unchecked", "takenAsStored"}\`: whether all that was compared is equal; the artifact of raw values; the trainers that measured and scored again; why a score is the prefix-only one, or empty; the scores, a list of \`name\`, \`stored\`, \`again\`, \`equal\`; the fields of record, settings, reference and confirmations that the journal tells, a list of \`name\`, \`stored\`, \`announced\`, \`equal\`; a list of \`name\` and \`why\` of what is shown and can be neither computed again nor compared (exit code 1, also where \`equal\` is true); names of what neither raw values nor the journal tell |
| \`asi replay CAMPAIGN\` | [Replay](#replay) |
| \`asi certify FILE\` | [Certificate](#certificate); where the examination ended without one (its time limit, memory, a worker that died), \`{"program", "verdict", "failure"}\`: the file or name, null, and \`code\` (\`timeout\`, \`out-of-memory\`, \`worker-died\`, ...) and \`message\` |
| \`asi train FILE\` | \`{"certificate", "result", "baselines", "failure"}\`: the [Certificate](#certificate) (null for a built-in; its \`verdict\` is \`flagged\` where soft tests failed, and its findings say which); what was measured, raw answers and curves included (null when the program is not legal, or a job failed); rows of the [Leaderboard](#leaderboard), where a campaign measured its baselines alike; null, or where a job failed \`code\` (\`leak\`, \`diverged\`, \`timeout\`, ...) and \`message\` |
| \`asi doctor\` | \`{"findings": [{"what", "verdict", "found", "advice"}]}\`; verdict is good, remark or missing; the one on isolation has \`isolation\` too: \`tier\`, \`recipe\`, \`hash\`, \`note\` and \`probes\` (\`name\`; \`verdict\`: blocked within the sandbox only, open, or not-applicable where it fails without the sandbox too; \`detail\`) |
| \`asi up\` | \`{"pid", "natsUrl", "mongodbUrl", "dashboard"}\` |
`;

/** The text of docs/json.md. */
export function jsonDocument(): string {
  const tables = views.map(([name, where, schema]) => {
    const json = jsonOf(schema);
    const rows = fieldsOf(json, sectionOf).map(([path, type, meaning]) => `| \`${path}\` | ${type} | ${meaning} |`);
    const table =
      rows.length === 0
        ? `${typeOf(json, sectionOf)[0]?.toUpperCase()}${typeOf(json, sectionOf).slice(1)}.`
        : ['| field | type | meaning |', '| --- | --- | --- |', ...rows].join('\n');
    return `## ${name}\n\nSeen in: ${where}.\n\n${table}\n`;
  });
  return [head, ...tables, messageSection(sectionOf)].join('\n');
}
