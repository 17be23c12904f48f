/** Common little words of languages of Latin letters, but for those that are English, or names of things in programs, as well. */
const littleWords: Readonly<Record<string, string>> = {
  german:
    'der das dem des ein eine einen einem einer eines und oder aber ist sind wird werden wurde kann nicht auch mit auf für von vom zu zum zur im bei nach durch über unter wenn weil dass daß diese dieser dieses sich es er sie wir wie als nur noch mehr sehr keine kein alle ohne gegen zwischen bis damit jede jeder dagegen dabei daher kaum sowie wobei jedoch deshalb zwei viel etwas gut alte alten neue neuen schnell',
  french:
    'le la les un une des du de et est en que qui dans sur pas avec ne se ce cette ces au sont il elle ils mais ou où comme ses leur être peut qu il donc sous entre très trop été lorsque quand ainsi aussi chaque deux cela celle celui aucun toujours leurs lors après avant encore même afin vers',
  spanish:
    'el la los las un una unos unas de del que en es se por para con su sus lo como más pero este esta estos estas entre cuando sobre también ha son porque muy ya donde cada puede ser así desde hasta dos mismo antes después menos todos todas otro otra mientras aunque demasiado',
  italian:
    'il lo la gli le un uno una di che del della dei delle degli nel nella nei si da dal dalla alla più anche sono questo questa quando quindi perché ogni può essere troppo molto senza prima dopo ancora stesso meno tutti tutte altro altra mentre',
  portuguese:
    'um uma de da dos das que em para com não se por mais como mas ao aos na nas nos foi são seu sua pelo pela quando também este esta isso porque muito cada pode ser entre onde sem já ou demais dois duas mesmo antes depois menos todos todas outro outra ainda assim enquanto cedo',
  dutch:
    'de het een en van dat niet voor aan er zijn maar ook wordt worden bij naar om te als dan uit deze dit hij omdat meer geen veel alleen tussen zonder waar wanneer kan heeft twee waarvan dus nog hun elke snel andere tegen zoals zodat',
  scandinavian:
    'och att det som en på är av för med inte har ett också eller när vid från och og er ikke af til et jeg fra hvor når kan ved blir bliver mellom mellem uten uden eller denne dette de den seg sig noe dem deres mycket meget dessa disse efter etter före før',
  polish:
    'nie się jest że jak ale przez dla po od są oraz który która które tego tym przy jego być na za tak już gdy gdzie bardzo lub czy dwa dwie jeden jedna drugi których zbyt szybko tylko ponieważ każdy więc ich',
  catalan: 'el la els les un una de del que en es amb més però aquest aquesta són també quan molt massa té dels als',
  czech: 'je se na že ale jako který která které jsou není nebo od při tak když kde až byl pak jeho podle',
  romanian: 'și în de la cu este un din sau să mai sunt pentru prin dar când foarte',
  finnish: 'ja ei se että joka kun mutta myös tai ovat olla niin kuin sen tämä ole',
  hungarian: 'az és hogy nem egy van ez csak vagy mert nagyon már még de ha amely',
  turkish:
    've bir bu da de için ile olarak daha çok gibi ama olan değil kadar veya ise olur eder en ki şu iki fakat çünkü böylece yok eğer ancak sadece',
  vietnamese: 'và là của các một không cho có được trong với những này để khi từ đã nó thì mà vì rất',
  indonesian:
    'yang dan di ini itu dengan untuk pada dari tidak adalah dalam akan oleh atau juga ke sebagai karena lebih bisa dapat telah jika sehingga agar saat antara sangat setiap tanpa lagi hanya ada sebuah dua terlalu tetapi maka tersebut mereka',
  filipino: 'ang ng mga ay na hindi kung para ito nang dahil ngunit',
};

const english = new Set(
  'the and that with by are this from not but its it which where than have their they when into if only does what then both each between after before while these there how any without because would should may could been you your also such nothing needs helps keeps'.split(
    ' ',
  ),
);

/** Sets of the little words of each language; of any other there are its accents only. */
const others = [...Object.values(littleWords), ''].map((words) => new Set(words.split(' ')));

/** Fewer ordinary words are no sentence to tell a language by. */
const leastWords = 8;
/** So many tell a language; an answer may be as long as an endpoint sends it. */
const mostCharacters = 5000;
/** One such word may be a name or a quotation. */
const leastDistinct = 2;

/**
 * Whether a text is in another language of Latin letters: more of its words are little words of one such language, or have accents,
 * than are little words of English. Names, formulas, programs and quotations count for neither, so that English without little words
 * is none of the others. Texts of fewer than eight words are taken for English, and so are those in a language without accents that
 * is not listed: to ask again costs a request, so nothing in English may be refused.
 */
export function isInOtherLanguage(text: string): boolean {
  const words = ordinaryWords(text.slice(0, mostCharacters));
  if (words.length < leastWords) return false;
  const known = words.filter((word) => english.has(word.toLowerCase())).length;
  return others.some((little) => {
    const foreign = words.filter((word) => little.has(word) || isAccented(word));
    return foreign.length > known && new Set(foreign).size >= leastDistinct;
  });
}

/** Quotations, parts of names, programs and addresses. */
const noWords =
  /\bet al\b|\b(?:(?:van|von)(?: (?:de|den|der|dem))?|de|del|della|di|da|dos|du|el|le|la|de las?|de los)\s(?=\p{Lu})|`[^`]*`|"[^"]*"|“[^”]*”|\b[a-z]+:\/\/\S*/gu;

/** Of letters alone: what is not is a name, a formula or a program. Those with a capital may be names, and say nothing of a language. */
const ordinaryWords = (text: string): string[] =>
  text
    .replaceAll(noWords, ' ')
    .split(/[\s/]+/)
    .map((word) => word.replaceAll(/^[^\p{L}\p{N}_]+|[^\p{L}\p{N}_]+$/gu, ''))
    .filter((word) => /^\p{L}\p{Ll}*(?:['’-]\p{L}+)*$/u.test(word))
    .flatMap((word) => word.split(/['’-]/))
    .filter((word) => word.length > 1);

/** Short ones are variables with a hat. */
const isAccented = (word: string): boolean =>
  word.length > 2 && /^\p{Ll}+$/u.test(word) && /[\u00df-\u00f6\u00f8-\u024f\u1e00-\u1eff]/.test(word);
