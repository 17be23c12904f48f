import { comparing, effects, moving } from './effect-words.ts';

const either = (...alternatives: readonly string[]): string => `(?:${alternatives.join('|')})`;
// No comma, colon or single dash: a denial does not reach across them.
const gap = String.raw`(?:\s+-{3,})?\s+`;
const aside = String.raw`(?:\s+[-–—]+(?:\s+[\w'’]+){1,6}\s+[-–—]+(?=\s))?`;
/** What begins another clause, which an earlier denial says nothing of. */
const breaks =
  '(?:and|so|yet|but|because|while|whereas|where|when|although|though|as|since|which|that|if|whether|without|why|how|thus|hence|then|still|instead|therefore|however)';
const toBe = '(?:is|are|was|were)';
/** What begins another statement within a clause: does not change keys to give ... */
const turns = String.raw`${toBe}|to|with|for|by|\w+ing`;
const words = (most: number, besides = ''): string =>
  String.raw`(?:${gap}(?!(?:${breaks}${besides && `|${besides}`})\b)[\w'’-]+){0,${most}}`;

// After "that does not", what follows may be said of the thing itself: "heads that do not change significantly outperform".
const not = String.raw`(?<!\b(?:that|which|who|what) (?:do|does|did|${toBe}|has|have|had|can|could) ?)(?:\b(?:not|cannot|never|hardly)\b(?:-\w+)*-?|n['’]t\b)`;
const filler =
  '(?:be|been|have|an?|any|very|so|yet|always|even|necessarily|really|by|in|to|of|at|all|longer|shown|found|said|proven|proved|known|claimed|called|turn|out|-{3,})';
const fillers = `(?:${gap}${filler}(?![\\w-]))`;
const verb = either(
  comparing,
  moving,
  String.raw`\b(?:show|reach|lie|go|have|give|make|change|affect|help|come|stand|get)\b`,
);
const subject = either(
  effects,
  '(?:loss|change|deviation|task|design|comparison|score|claim|component|candidate|interval|run|measurement)(?:e?s)?',
);
const subjectVerb = '(?:is|are|was|were|lies?|lay|shows?|has|have|had|reach(?:es)?|goes|go|stands?|gives?)';
const telling =
  '(?:say|said|show|shows|shown|tell|told|know|known|claim|claimed|conclude|concluded|prove|proven|decide|decided|clear|certain|evident|mean|imply)';

// The significant gain, its better recall: that there is one is presumed, whatever is denied of it.
const presumed = String.raw`(?<!(?<!\b(?:that|whether|if)\s+)\b(?:the|its|their|this|these|those|our))`;
/** What takes a statement back, where it ends with what stands before it. */
const before = new RegExp(
  `${either(
    `${not}${aside}${fillers}{0,6}`,
    // Does not improve recall [significantly].
    `${not}${fillers}{0,3}${gap}${verb}${words(4, turns)}(?:${gap}by)?`,
    String.raw`\b(?:no|without)${fillers}{0,2}`,
    String.raw`\b(?:nothing(?: here)?|none|neither|nor)(?:${gap}${subjectVerb})?${fillers}{0,4}`,
    // No difference in recall is [beyond the noise].
    String.raw`(?<!\b(?:with|of|by) )\b(?:no|neither|(?:none|neither) of(?: the| its| these)?)(?:${gap}(?!doubt)[\w-]+)?${gap}${subject}(?:${gap}(?:in|on|of|for|at|between|from|to)${words(3, turns)})?(?:${gap}${subjectVerb}(?:${gap}[\w-]+${gap}enough)?${fillers}{0,4}(?:${gap}${verb}${words(4, turns)})?)?`,
    String.raw`\bneither${words(3)}${gap}nor${words(2, toBe)}(?:${gap}${either(subjectVerb, verb)})?${fillers}{0,3}`,
    String.raw`\bno${gap}(?:evidence|sign|indication|proof|hint)${gap}(?:that${words(5)}|(?:of|for)${fillers}{0,2})`,
    String.raw`\bnothing(?: here)?${gap}(?:says|shows|suggests|tells|proves|indicates)${gap}(?:that|whether|if)${words(5)}`,
    String.raw`\btoo${gap}(?:small|weak|short|few|little|noisy)${gap}to${fillers}{0,3}`,
    // It cannot be said that the gain is [real].
    `${not}${fillers}{0,3}${gap}${telling}${gap}(?:that|whether|if)${words(5)}`,
    String.raw`\b(?:unclear|open|unknown|uncertain|undecided|untested)${gap}(?:whether|if|that)${words(5)}`,
  )}(?:\\s+-{3,})?${presumed}\\s*$`,
  'i',
);
const asked = new RegExp(String.raw`\bwhether${words(6)}\s*$`, 'i');
const unanswered = new RegExp(
  String.raw`^${words(4)}${gap}(?:(?:cannot|can['’]t|can not|could not|couldn['’]t) be (?:told|said|known|decided|seen|shown)|(?:${toBe}|remains|stays) (?:open|unknown|unclear|uncertain|undecided|untested|to be seen|not (?:known|clear|shown|told|decided)))\b`,
  'i',
);
/** A second claim under the same denial: not significant or measurable. */
const shared = new RegExp(`^(?:${gap}or\\b)?${words(2, toBe)}\\s*$`, 'i');

const reach = 200;

/** The first of these claims in a sentence that the sentence itself does not take back, or null. */
export function undeniedClaim(sentence: string, claims: RegExp): string | null {
  let deniedUpTo: number | null = null;
  for (const found of sentence.matchAll(new RegExp(claims, 'gi'))) {
    const end = found.index + found[0].length;
    // A window, lest many claims in one long sentence take time by its square.
    const start = Math.max(0, found.index - reach);
    const earlier = sentence.slice(start, found.index).replace(start > 0 ? /^\S*/ : '', '');
    const denied =
      before.test(earlier) ||
      (asked.test(earlier) && unanswered.test(sentence.slice(end, end + reach))) ||
      (deniedUpTo !== null && found.index - deniedUpTo < reach && shared.test(sentence.slice(deniedUpTo, found.index)));
    if (!denied) return found[0];
    deniedUpTo = end;
  }
  return null;
}
