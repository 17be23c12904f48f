const number = String.raw`(?:\d*\.?\d+)`;
const word =
  '(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|fifty|several|(?:a )?few|half a)';
const about = String.raw`(?:about |roughly |around |some |nearly |almost |over |~\s?)*`;
const part = '(?:half|third|quarter|fifth|tenth|hundredth)s?';
/** A number in words is one of things ("by two reflections") unless nothing comes after it. */
const amount = String.raw`(?:${number}|${word}(?=\s*(?:[,:)]|$))|(?:(?:an?|${word})[ -])?${part})`;

/** Names of papers look like decimal numbers. */
const paperId = /\b\d{4}\.\d{4,5}\b/g;

/** A signed decimal, and a number with a unit that only sizes of effects have: these are sizes wherever they stand. */
const anywhere = [
  String.raw`(?:^|[\s([~=])[+\-−–±]\s?\d*\.\d+`,
  String.raw`(?:${number}|\b${word})[\s-]?(?:%|(?:percent|per cent|percentage)\b|(?:points|hundredths?|tenths?)\b)`,
];
const comparing = String.raw`\b(?:better|worse|gain\w*|improv\w*|lift\w*|ahead|behind|advantage|margin|superior|inferior|beat\w*|outperform\w*|exceed\w*|surpass\w*|stronger|weaker)\b`;
const moving = String.raw`\b(?:high|low|larg|small|great)er\b|\b(?:ris|rais|rose|increas|decreas|reduc|drop|fall|fell|climb|grow|grew|lower|jump|los[et])\w*\b`;
const measured = String.raw`(?<!\btraining )\b(?:merit|accuracy|accuracies|loss|losses|perplexity|battery|score|fitness)\b`;
/** What in a sentence that compares is taken for the size of the difference. */
const quantity = String.raw`\d*\.\d+|\bby ${about}${amount}|\bone point\b|\b(?:twice|(?:two|three|four|five|ten|\d+)(?: times|-?fold)) (?:as|better|worse|higher|lower)\b`;

const any = (...patterns: readonly string[]) => new RegExp(patterns.join('|'), 'i');
const [always, compares, moves, isMeasured, size] = [
  any(...anywhere),
  any(comparing),
  any(moving),
  any(measured),
  any(quantity),
] as const;

/**
 * Why a text states the size of an effect, or null: it has a signed decimal or a percentage, or a sentence that compares
 * (by its words, or because what is measured moves in it) and holds an amount. Whole numbers of other things may stand.
 * It strikes a few innocent sentences, whose numbers can be left out, rather than pass a size that nothing measured.
 */
export function sizeInWords(text: string): string | null {
  for (const sentence of text.replaceAll(paperId, 'paper').split(/[.;!?](?=\s|$)|\n/)) {
    const found =
      always.exec(sentence) ??
      (compares.test(sentence) || (moves.test(sentence) && isMeasured.test(sentence)) ? size.exec(sentence) : null);
    if (found) return `it states a size ("${found[0].trim()}"): sizes of effects stand in claims, not in texts`;
  }
  return null;
}
