/** A pattern of a name, however people write it: `delta-net` is also DeltaNet and Delta Net. */
export const nameAsWritten = (name: string): string =>
  name
    .split(/[\s_-]+|(?<=[a-z])(?=\d)/i)
    .map((word) => word.replaceAll(/[^\w]/g, String.raw`\$&`))
    .join(String.raw`[\s_-]?`);
