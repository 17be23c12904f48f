const either = (...alternatives: readonly string[]): string => `(?:${alternatives.join('|')})`;

/** Names that stand for no size, taken out first: papers look like decimals, and settings of a mixer are no results. */
export const notSizes: ReadonlyArray<readonly [RegExp, string]> = [
  [/\b\d{4}\.\d{4,5}\b/g, 'paper'],
  [/\bc\d{3}-\d{4}\b/g, 'experiment'],
  [/\b95\s?(?:%|per ?cent) (?=(?:confidence )?interval)/gi, ''],
  [/\blm-loss\b/gi, 'loss'],
  // What guessing gives.
  [/\bbaseline of (?=[\w-]+ is chance)/gi, ''],
  [/\bchance(?: level)?(?: \(|(?:,| of| is| at)? )\d*\.?\d+/gi, 'chance'],
  // A curve within one run.
  [/\b(?:still|keeps?) (?:falling|rising|growing|climbing|dropping|improving)\b/gi, ''],
  [
    /\b(training loss(?:es)?) (?:of|on|in|for) (?:the )?[a-z][\w-]*(?= [a-z]+ from \d+(?:\.\d+)? to \d+(?:\.\d+)? (?:over|during|within|in|by|until) (?:the |its )?(?:run|training|course|end|first|step))/gi,
    '$1',
  ],
  // One measured number with its noise.
  [/(\d)\s?(?:±|\+\/-)\s?\d*\.?\d+/g, '$1'],
  [/\b(?:half|third|quarter) of (?=the (?:heads|layers|channels|state|slots|width|tokens|steps|positions|keys))/gi, ''],
  [
    /\b(?:learning rate|rate|decay(?:s|ing)?|beta|window|width|momentum|temperature|threshold|strength|bias|epsilon|exponent|scaled?|initiali[sz]\w*|clamp\w*|clipp\w*|(?![adprtz]\b)[a-zτλβαγ])(?: (?:of|is|to|at|near|up to)|\s?=)? (?:from |between )?\d*\.?\d+(?:e-?\d+)?(?: (?:to|and) \d*\.?\d+)?/gi,
    'setting',
  ],
  // With the verb of a result (a gate is 0.3) or none it may be one.
  [/\b(?:gate|weight|floor)s? (?:of|at|near) \d*\.?\d+/gi, 'setting'],
  [/(?<![\w.])(?:\d+(?:\.\d+)?|\.\d+) (?:decay|momentum|dropout|temperature|learning rate)\b/gi, 'setting'],
  [
    /\b(?:from )?(?:\d+ to )?\d+ (?:\w+ )?(?:heads?|layers?|steps?|tokens?|slots?|channels?|positions?|reflections?|keys?|dimensions?|parameters?|states?|chunks?|blocks?)\b/gi,
    'parts',
  ],
];

// Each run of digits is tried from its beginning, and in one way only: a search for these takes time in proportion to the text.
const digits = String.raw`(?<!\d)\d+`;
export const number = String.raw`(?:${digits}(?:\.\d+)?|(?<!\d)\.\d+)`;
/** A figure that no count of things is: with a decimal point, or with a negative power of ten. */
export const decimal = String.raw`(?:${digits}(?:\.\d+(?:e[-−]\d+)?|e[-−]\d+)|(?<!\d)\.\d+(?:e[-−]\d+)?)`;
const countWord =
  'one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|fifty|(?:a )?(?:dozen|hundred|thousand)';
export const word = either(countWord, 'several', '(?:a )?few', 'half a');
export const part = '(?:half|third|quarter|fifth|sixth|eighth|tenth|hundredth)s?';
export const about = String.raw`(?:about |roughly |around |some |nearly |almost |over |well |more than |less than |~\s?)*`;

/** What is measured of designs. The training losses of one run are curves, and no comparison. */
export const measured = String.raw`(?<!\btraining )\b(?:merit|accurac(?:y|ies)|loss(?:es)?|perplexity|battery|scores?|fitness|recall|parity|mqar|needle|[a-z]+-(?:recall|copy|copying|parity)|copying|induction|performance|errors?|mistakes?|results?|quality|task|nats?)\b`;

/** Words that compare by themselves. */
export const comparing = String.raw`\b(?:better|worse|gain\w*|improv\w*|lift\w*|ahead|behind|advantage|margin|superior|inferior|beat\w*|outperform\w*|exceed\w*|surpass\w*|stronger|weaker)\b`;

/** Words for a change, of whatever it is: they compare where something measured stands beside them. */
export const moving = String.raw`\b(?:(?:up|down)(?= (?:by|on|from|to)\b)|(?:high|low|larg|small|great)er|(?:ris|rais|rose|increas|decreas|reduc|drop|fall|fell|climb|grow|grew|lower|jump|los[et]|add|cost|s[aiu]nk|buy|bought|wins?\b|won\b|cuts?\b|shav|mov|went|goes|boost|bring|brought|yield|contribut|sav(?:es|ed|ing)|worth|deliver|hurt|soar|slid|differ|account|responsib|effects?\b|suffer|shed)\w*)\b`;

/** Changes that need no object: what stands before them has changed. */
export const moved = either(
  'rose',
  'went',
  'jumped',
  'moved',
  'climbed',
  'fell',
  'sank',
  'dropped',
  'grew',
  'soared',
  'increased',
  'decreased',
);

/** Multiplication in a word. */
export const multiplies = String.raw`\b(?:doubl(?:es|ed|ing|e)|halv(?:es|ed|ing|e)|tripl(?:es|ed|ing|e)|quadrupl(?:es|ed|ing|e)|multipl(?:ies|ied)|(?:${countWord}|several|\d+)-?fold)\b`;
export const manyTimes = String.raw`\b(?:twice|thrice|(?:${countWord}|several|many|${number}) times|${number}\s?[x×])(?= (?:as|that|the|its|of|better|worse|more|less|higher|lower|larger|smaller|greater|fewer))|\b(?:a|the) factor of (?:${countWord}|${number})\b`;

const answered = '(?:recall|retriev|remember|solv|answer)';
const isTimes = String.raw`(?:(?:doubl|halv|tripl|quadrupl)e[sd]|multipli(?:es|ed))\b`;
/** One clause: doubles the state, which solves ... tells no multiple of what is solved. */
const within = String.raw`(?: (?!(?:and|so|to|but|by|as|because|while|where|since|for|(?:which|that)(?! (?:are|is|were|was|it|the|its)\b))\b)[\w'’-]+)`;
/** A multiple of what is answered of a task: as the object of the verb, or as what is doubled. */
export const answeredTimes = either(
  String.raw`\b${isTimes}${within}{0,6} ${answered}e?[sd]\b`,
  String.raw`\b${answered}ed(?: (?:is|are|was|were|has|have))? ${isTimes}`,
  String.raw`(?:${manyTimes}) as (?:many|much|often)${within}{0,4} ${answered}ed\b`,
  String.raw`\b${answered}(?:e?[sd])?(?: [\w-]+)? (?:${manyTimes}) as (?:many|much|often)\b`,
);

/** What sets two numbers against one another. */
export const contrasting = String.raw`\b(?:without|versus|vs|against|instead of|rather than|compared (?:with|to)|than|before|remov\w*|absent|otherwise|formerly|previously|originally|ablat\w*|dropping|up from|down from|while|whereas|in (?:the|its) parent|(?:the|its) (?:grand)?parent (?:has|had|is|was|gets|got|reach(?:es|ed)|stays|stands))\b|→|->`;
export const causing = String.raw`\b(?:because of|due to|thanks to|owing to|attributable to|comes? from|caused by)`;

/** What sizes of effects alone are measured in. */
export const unit = String.raw`(?:%|(?:percent|per cent|percentage|pct)\b|(?:basis )?points\b|(?:(?<=\d\s?)|(?<=-))(?:basis )?point\b(?! (?:stencil|convolution|filter|interpolation))|point (?:gain|improvement|lift|advantage|margin|win|drop|rise|increase|decrease|reduction|loss)s?\b|(?:hundredths?|tenths?|pps?|p\.p|ppts?|pts?|bps?)\b)`;
/** A difference of two counts: of so many, or with the verb of a task. */
export const countedMore = either(
  String.raw`\b(?:${countWord}|${number}) (?:out )?of (?:the |its |all )*(?:${countWord}|${number}|parts)(?: [\w-]+)? (?:more|fewer|less)(?= than\b|\s*[,;:)]|\s*$)`,
  String.raw`\b(?:${countWord}|${number}) (?:more|fewer|less) (?:out )?of (?:the |its |all )*(?:${countWord}|${number}|parts)\b`,
  String.raw`\b(?:recall|retriev|remember|solv|answer)\w* ${about}(?:(?:${countWord}|${number}) (?:more|fewer)\b|parts than\b)`,
);
const large = '(?:large|larger|small|tiny|medium|moderate|strong|big|huge|sizeable|sizable|considerable|substantial)';
/** The size of an effect by its name. What it is said to be (d = 0.8) has been taken for a setting. */
export const effectSize = either(
  String.raw`(?<!\bno )\beffect[ -]sizes?(?:[\s,:(]+(?!not\b|no\b|cannot\b)[\w'’-]+){0,4}?[\s,:(=]+(?:${large}\b|setting\b|${decimal})`,
  String.raw`\b${large} (?:standardi[sz]ed )?effect[ -]sizes?\b`,
  String.raw`\b(?:cohen|hedges)['’]?s? (?:[dg]|setting)\b`,
);

export const effects = '(?:effects?|gains?|differences?|results?|improvements?|wins?|advantages?|lifts?)';
const noise = '(?:noise|chance|luck|error bars?|intervals?|vari(?:ance|ation|ability)|spread|fluctuations?|seeds?)';
const surpassing =
  '(?:(?:dwarf|swamp|overwhelm|outweigh|drown)(?:s|ed|ing)?(?: out)?|tower(?:s|ed|ing)? (?:over|above)|(?:stand(?:s|ing)?|stood) out (?:from|against|of)|clear of|clears|beats?|more than)';
const ofNoise = '(?:(?:all|any|the|its|their|this|of|mere|pure|seed|run|random|measured|measurement|statistical) )*';
/** That something is larger than the noise. Verbs take no more than the noise for their object: a gate clears a state of noise. */
const beyondNoise = String.raw`(?:(?:beyond|outside|above|(?:larg|great|bigg)er than|exceed(?:s|ed|ing)?) (?:[\w'’-]+ ){0,3}|${surpassing} ${ofNoise})${noise}|\b(?:times|twice|thrice) (?:the |its )?noise`;
const notWithinNoise = `(?:not|hardly|never|cannot|(?:is|are|was|were|does|do|did)n['’]t)(?: (?:be|lie|stay|fall|remain|explained|just|merely|well|quite))* (?:within|inside) ${ofNoise}${noise}`;
const robustly = String.raw`(?:robust|reliab|genuine|reproducib|demonstrab|provab|undoubted|indisputab|undeniab|unquestionab|unmistakab|decisive|conclusive|definite|certain)ly (?:(?!no\b|not\b|never\b|neither\b)[\w-]+ )?(?:${comparing}|(?:high|low)er\b)`;
const cannot = "(?:cannot|can't|can not|could not|couldn't|hardly)";
const chance = '(?:chance|noise|luck|accident|fluke|coincidence)';
const noiseItself = String.raw`(?:noise(?! (?:tokens?|keys?|pairs?|vectors?)\b)|chance|luck|accident|coincidence|seeds?|variance|variation|fluctuations?)(?: (?:alone|itself|by itself|between (?:runs|seeds)|of (?:the )?(?:runs|seeds)))?`;
const failsTo =
  "(?:cannot|can(?:'t|’t| not)|could(?:n't|n’t| not)|do(?:es)?(?:n't|n’t| not)|did(?:n't|n’t| not)|can hardly|could hardly|hardly|never|fails to|(?:is|are) (?:not enough|unlikely|too (?:small|weak)) to)";
/** That chance is no explanation, with chance as what fails to explain, or as what is ruled out. */
const chanceExcluded = either(
  String.raw`\b${noiseItself} ${failsTo} (?:fully |alone |by itself )?(?:explain|account for)(?:(?: (?!not\b)[\w'’-]+){0,4} (?:${effects}|${measured}|${comparing})|(?: (?:it|this|that|them|these|all of (?:it|this)))?(?=\s*(?:[,;:)]|$)))`,
  String.raw`\b${noiseItself} ${failsTo} (?:have )?(?:produced?|caused?|give|yield|created?|generated?|make|made)(?:(?: (?:such|so|an?|the|this|that|these|large|big|clear|much)){1,3}(?: [\w'’-]+)? (?:${effects}|${comparing})| (?:it|this|that|them|these)(?=\s*(?:[,;:)]|$)))`,
  String.raw`\b${noiseItself} (?:is|are|was|were|can be|has been|have been) (?:(?:thus|thereby|clearly|safely|hereby|now) )?(?:ruled out|excluded)`,
  String.raw`(?<!\b(?:to|would|could|might|must|should|will|may) )\b(?:rul(?:es?|ed|ing) out|exclud(?:es?|ed|ing)(?! (?:the )?noise)) (?:(?:mere|pure|the|an?|seed|run) )*(?:chance|luck|accident|coincidence|fluke|noise(?! (?:tokens?|keys?|pairs?|vectors?)\b))`,
  String.raw`\b${cannot} (?:have )?(?:come|stem|result(?:ed)?|arise) from (?:(?:just|mere|pure|the|seed|run|random) )*${noiseItself}`,
  String.raw`\btoo (?:large|big|great|strong|clear|steady|consistent|regular) (?:for|to be|to (?:come|stem|result|arise) from) (?:(?:just|mere(?:ly)?|pure(?:ly)?|due to|explained by|put down to|caused by|the|an?|seed|run|random) )*(?:${chance}|seeds?|variance|variation)`,
  String.raw`\bno (?:(?:mere|pure|lucky) )*(?:fluke|accident|coincidence)`,
  String.raw`\b(?:statistical|significance|hypothesis|permutation|t-?) ?tests? (?:[\w'’-]+ ){0,2}?(?:confirm|prove|establish|support|show)(?:s|ed)?(?! (?:no|nothing|neither|none)\b)`,
);
const sure = '(?:undeniable|indisputable|unquestionable|conclusive|definite|proven)';
/** That an effect is more than chance: only a claim may be held against an interval. */
export const asShown = String.raw`\b(?:${beyondNoise}|${notWithinNoise}|${chanceExcluded}|${robustly}|(?:noise|chance|luck|error bars?|seeds?) (?:is|are|was|were) (?:[\w-]+ )?(?:dwarfed|swamped|overwhelmed|outweighed|drowned|exceeded)|(?:statistical(?:ly)? )?significan(?:t|tly|ce)|measurabl[ey]|(?:is|are|was|were|been) (?:clearly |thus |thereby )?(?:proven|proved|demonstrated) (?:to|by)|orders? of magnitude|statistically \w+|p\s?[<≤=]\s?0?\.\d+|(?:${countWord}|${number})[ -]?(?:(?:noise|seed|run|sample|measurement|such) )?(?:sigmas?|σ|standard (?:deviations?|errors?))|(?:not|${cannot} be|(?:unlikely|improbable)(?: to be)?) (?:just |mere(?:ly)? |pure(?:ly)? |by |due to |an? |seed )*${chance}|${cannot} be (?:explained|accounted for|due|put down|attributed)(?: [\w'’-]+){0,4} (?:noise|chance|luck|accident|variance|variation)|${effects}(?: (?:in|on|of|for|from) (?:the )?[\w'’-]+)? (?:is|are|was|were|looks|seems)(?: (?!not\b|far\b|anything\b|less\b|never\b|hardly\b|neither\b|nor\b)[\w'’-]+){0,2} (?:real|robust|reliable|genuine|solid|${sure}|beyond (?:(?:any|all) )?(?:dispute|question|doubt)|certain(?! (?:to|about|of)\b))|(?:real|robust|reliable|genuine|solid|${sure})(?: (?:and|,)? ?[\w'’-]+)? ${effects}|(?:robust|reliabl[ey]|reproducibl[ey]|consistent(?:ly)?|holds?|stable) (?:across|over|between) (?:all |the |its )*(?:seeds|runs))(?!\w)`;
const several = String.raw`(?:every|each|any|both|most|all|(?:${countWord}|\d+) (?:out )?of (?:the )?(?:${countWord}|\d+))`;
const severalTasks = `${several}(?: (?:of )?(?:the|its|our|these))?(?: [a-z-]+)? tasks?`;
const allTasks = String.raw`(?:on|in|at|across|over|for) ${several}(?: (?:of )?(?:the|its|our|these))?(?: [a-z]+)? tasks?\b`;
const everywhere = String.raw`(?:everywhere|throughout|all round|across the board|(?:in|on|at) (?:everything|(?:every|all|each) (?:respects?|fronts?|counts?|measures?|metrics?|benchmarks?)))\b`;
/** A comparison on all tasks at once: each of them has noise of its own, and no claim is about all. */
export const onAllTasks = either(
  String.raw`(?:${comparing}|\b(?:wins?|won|help(?:s|ed)?)\b)(?:[\s,]+[\w'’-]+){0,6}[\s,]+(?:${allTasks}|${everywhere})`,
  String.raw`\b${severalTasks}(?:[\s,]+[\w'’-]+){0,2}[\s,]+(?:${comparing}|${moving}|benefits?\b)`,
  String.raw`(?:${comparing}|\b(?:lifts?|raises?|helps?|benefits?)) ${severalTasks}\b`,
  String.raw`(?:\b${allTasks}|^\s*${everywhere})(?:[\s,:]+[\w'’-]+){0,6}[\s,:]+${comparing}`,
  String.raw`\b(?:consistently|uniformly|universally|strictly)\s+(?:[\w-]+\s+)?${comparing}`,
);
/** Large words for a size, where a sentence compares. */
export const emphasis = String.raw`\b(?:dramatic(?:ally)?|drastic(?:ally)?|clearly|substantial(?:ly)?|marked(?:ly)?|massive(?:ly)?|enormous(?:ly)?|vast(?:ly)?|huge(?:ly)?|(?:undoubtedly|undeniably|unquestionably|definitely)(?! (?:no|not|never)\b)|(?:no|beyond (?:any |all )?|without (?:an?y? )?)\s*doubt)\b`;
