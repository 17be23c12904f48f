/**
 * What must not reach a terminal from a text that others wrote: control characters, which move the cursor and change
 * colours, and those that turn the direction of writing, which show a text as another one than it is.
 */
const controls = '\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069';
const runs = new RegExp(`[${controls}]+`, 'g');
const outsideOfLayout = new RegExp(`(?![\\t\\n])[${controls}]`, 'g');

/** The text in one line: such characters become a space. */
export const printable = (text: string): string => text.replace(runs, ' ');

/** The text in its lines: tabs and line breaks stay, and for each other one of them stands a dot. */
export const printableLines = (text: string): string => text.replace(outsideOfLayout, '·');
