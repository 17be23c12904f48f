import { type Certificate, isRemark } from '@asi/contracts';
import type { Paint } from './paint.ts';
import { printable } from './text-width.ts';

/** What a certificate holds against a program that it lets pass, a line for each soft test that failed; a message begins with its test. */
export const remarkLines = ({ findings }: Pick<Certificate, 'findings'>, paint: Paint): string[] =>
  findings.filter(isRemark).map(({ message }) => paint.bad(`Flagged, ${printable(message)}`));
