import { describeSettings } from './describe-settings.ts';

const head = `# The campaign file

<!-- Made from the schema in shared/contracts (a test compares); change the schema, then run: npx vitest run services/lab/src/campaign-file -u -->

\`asi run --campaign FILE\` reads a YAML file. Every key is optional; a key that does not exist, or a value that is not
allowed, is an error that names the line: \`asi.yaml:12: budget.candidates: expected a number >= 1\`. The options
\`--candidates\`, \`--minutes\` and \`--seed\` win over the file. A campaign keeps the settings it was started with.

An example with comments is [campaign-example.yaml](campaign-example.yaml).

| key | allowed | default | meaning |
| --- | --- | --- | --- |
`;

/** The text of docs/campaign-file.md. */
export const campaignFileDocument = (): string =>
  `${head}${describeSettings()
    .map(
      ({ key, allowed, defaultValue, required, meaning }) =>
        `| \`${key}\` | ${allowed} | ${defaultValue === null ? (required ? 'required' : 'none') : `\`${defaultValue}\``} | ${meaning} |`,
    )
    .join('\n')}\n`;
