import { builtinMixers } from '@asi/contracts';
import { asRead } from './as-read.ts';
import { undeniedClaim } from './denial.ts';
import {
  about,
  answeredTimes,
  asShown,
  causing,
  comparing,
  contrasting,
  countedMore,
  decimal,
  effectSize,
  emphasis,
  manyTimes,
  measured,
  moved,
  moving,
  multiplies,
  notSizes,
  number,
  onAllTasks,
  part,
  unit,
  word,
} from './effect-words.ts';
import { figureOfAnother, withoutNames } from './figures-of-others.ts';
import { unknownFigure } from './own-figures.ts';

/** A number in words is one of things ("by two reflections") unless nothing comes after it. */
const amount = String.raw`(?:${number}|${word}(?=\s*(?:[,:)]|$))|(?:(?:an?|${word})[ -])?${part})`;
const fraction = String.raw`(?:an?|one|two|three)(?: full| whole| good)?[ -]${part}\b`;
/** Up to so many words between two that belong together. */
const near = (words: number): string => String.raw`(?:[\s,:(]+[\w'’-]+){0,${words}}[\s,:(]+`;
const any = (...patterns: readonly string[]) => new RegExp(patterns.join('|'), 'i');

/** Sizes wherever they stand: a signed decimal, a number with a unit that only sizes of effects have, a multiple of what is measured. */
const always = any(
  String.raw`(?:^|[\s([~=])[+\-−–]\s?${decimal}`,
  String.raw`(?:\b(?:is|are|was|were|worth|by|of|an?|gives?|adds?|yields?|gains?|effect)|[:=(]) ?(?:plus|minus) ${decimal}`,
  String.raw`\bworth ${about}${decimal}`,
  String.raw`(?:${number}|\b${word})[\s-]?${unit}`,
  countedMore,
  effectSize,
  answeredTimes,
  `${multiplies}${near(4)}${measured}`,
  `${measured}${near(2)}${multiplies}`,
  String.raw`${multiplies} (?:it|them|this|that)\b`,
  String.raw`(?:${multiplies}|\b(?:most|bulk|majority|all) of) (?:the |its |their |this |that )*(?:gap|distance|difference|gain|effect|improvement|advantage|lift)s?\b`,
  String.raw`\b${part} (?:of )?(?:the |its |their |all |that )*(?:[\w-]+ )?(?:${measured}|gap\b|difference\b)`,
  String.raw`(?:${moving}|${comparing})(?: [\w'’-]+){0,3} ${fraction}(?! of )`,
  String.raw`\b${fraction} (?:up|down|above|below|ahead|behind|higher|lower|more|less|better|worse)\b`,
  String.raw`${measured}(?: [\w'’-]+){0,3} cut in half\b`,
  String.raw`\bcut(?:s|ting)? (?:[\w'’-]+ ){0,3}${measured} in half\b`,
  String.raw`${decimal} (?:above|below)\b`,
  String.raw`\bwithout${near(4)}${decimal}`,
);
const [compares, moves, isMeasured, multiplied, contrasts, causes] = [
  any(comparing),
  any(moving),
  any(measured),
  any(manyTimes),
  any(contrasting),
  any(causing),
] as const;
/** What in a sentence that compares is taken for the size of the difference. */
const size = any(decimal, String.raw`\b\d+\s?/\s?\d+\b`, String.raw`\bby ${about}${amount}`, String.raw`\bone point\b`);
const end = `(?:${number}|(?:(?:an?|${word})[ -])${part}|chance|zero|nothing)`;
const fromTo = String.raw`\bfrom ${about}${end}(?: [\w-]+)? (?:up |down )?to ${about}${end}`;
/** Something measured, or something that has changed, from one number to another within one clause. */
const changed = any(
  `${measured}(?: [\\w-]+){0,6} ${fromTo}`,
  `\\b${moved} ${fromTo}`,
  `${fromTo}${near(3)}${measured}`,
);
const shown = any(asShown);
const shownOrEmphasised = any(asShown, emphasis);
const ofAllTasks = any(onAllTasks);

/**
 * Why a text says of an effect how large it is, that it is more than chance, or that it is one on all tasks, or null. In sentences about
 * what is measured, and in those that compare, a figure stands for a result, and must be one of the design that the text is about: of
 * a size in whatever words none is. Figures may not be set against one another, nor stand beside the name of another design or words for
 * a change of what is measured.
 * Whole numbers of other things and settings of a mixer may stand.
 * It strikes a few innocent sentences, whose numbers can be left out, rather than pass a size that nothing measured.
 * @param own what was measured of the design
 * @param others names and ids of other designs, and of the baselines
 */
export function sizeInWords(
  text: string,
  own: readonly number[] = [],
  others: readonly string[] = builtinMixers,
): string | null {
  // Digits of other widths, and a comma where a decimal has its point.
  const written = asRead(text).replaceAll(/(?<![\d,])(\d+),(\d{1,2}|0\d+)(?![\d,])/g, '$1.$2');
  const plain = notSizes.reduce((left, [what, name]) => left.replaceAll(what, name), withoutNames(written, others));
  for (const sentence of plain.split(/[.!?](?=\s|$)|\n/)) {
    const found = sizeIn(sentence) ?? sentence.split(';').map(sizeInClause).find(Boolean);
    if (found) return `it states a size ("${found.trim()}"): sizes of effects stand in claims, not in texts`;
    const beside = figureOfAnother(sentence);
    if (beside)
      return `it states a size ("${beside.trim()}"): of a figure beside the name of another design the reader takes the difference; quote the design's own, or leave it out`;
    const all = undeniedClaim(sentence, ofAllTasks);
    if (all)
      return `it compares on all tasks at once ("${all}"): each task has noise of its own, so leave that out, or name in claims where the difference stands`;
    const said = saidAsShown(sentence);
    if (said)
      return `it says of an effect that it is more than chance ("${said}"): only claims are held against the noise, so leave that out`;
    const unknown = isOfResults(sentence) ? unknownFigure(sentence, own) : null;
    if (unknown)
      return `it states a size ("${unknown}"): that is none of the design's own results, to two decimals or three, and only those may be quoted; leave it out, or say that it is a setting (a decay of ${unknown})`;
  }
  return null;
}

/** Numbers are also set against one another across a semicolon. */
function sizeIn(sentence: string): string | null {
  const numbers = sentence.match(new RegExp(String.raw`(?<![\w.-])${number}(?![\w-])`, 'g')) ?? [];
  const found = always.exec(sentence) ?? (isMeasured.test(sentence) ? changed.exec(sentence) : null);
  if (found) return found[0];
  if (!isMeasured.test(sentence)) return null;
  if (numbers.length > 1 && contrasts.test(sentence)) return `${numbers[0]} and ${numbers[1]}`;
  return causes.test(sentence) ? (any(decimal).exec(sentence)?.[0] ?? null) : null;
}

function sizeInClause(clause: string): string | null {
  const isAboutMeasured = isMeasured.test(clause);
  const doesCompare = compares.test(clause) || (moves.test(clause) && isAboutMeasured);
  return (
    (doesCompare ? size.exec(clause) : null)?.[0] ??
    (doesCompare || isAboutMeasured ? multiplied.exec(clause)?.[0] : null) ??
    null
  );
}

const isOfResults = (sentence: string): boolean => isMeasured.test(sentence) || compares.test(sentence);

function saidAsShown(sentence: string): string | null {
  const doesCompare = compares.test(sentence) || (moves.test(sentence) && isMeasured.test(sentence));
  return undeniedClaim(sentence, doesCompare ? shownOrEmphasised : shown);
}
