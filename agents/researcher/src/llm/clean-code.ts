/** A program without the Markdown fence that models like to put around it; ends with one line break. */
export function cleanCode(written: string): string {
  const fenced = /^\s*```[a-z]*\n([\s\S]*?)\n?```\s*$/i.exec(written);
  return `${(fenced?.[1] ?? written).trim()}\n`;
}
