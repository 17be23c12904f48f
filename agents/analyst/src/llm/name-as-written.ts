/** A pattern of a name, however people write it, and not within a longer word: `delta-net` is also DeltaNet and Delta Net. */
export const nameAsWritten = (name: string): string => {
  const words = name
    .split(/[\s_-]+|(?<=[a-z])(?=\d)/i)
    .map((word) => word.replaceAll(/[^\w]/g, String.raw`\$&`))
    .join(String.raw`[\s_-]?`);
  return String.raw`(?<![A-Za-z\d-])${words}(?![A-Za-z\d-])`;
};
