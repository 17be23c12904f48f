import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { isInOtherLanguage } from './other-languages.ts';

test.each([
  'Dies ist ein guter Entwurf mit einem Tor, das die alten Werte vergisst.',
  'Das Tor schließt sich zu schnell und der Zustand vergisst die alten Schlüssel.',
  'Die Parität verbessert sich durch Spiegelungen deutlich, die Erinnerung dagegen kaum.',
  "La porte se ferme trop vite et l'état oublie les anciennes valeurs.",
  'Le modèle garde deux états, dont un décroît lentement, afin de conserver les clés.',
  'La compuerta se cierra demasiado pronto y el estado olvida los valores antiguos.',
  'El modelo no recuerda los valores porque la compuerta se cierra muy pronto.',
  'La porta si chiude troppo presto e lo stato dimentica i vecchi valori.',
  'Este modelo guarda dois estados, um que esquece devagar e outro que esquece depressa.',
  'De poort sluit te snel en de toestand vergeet de oude waarden.',
  'Dit ontwerp bewaart twee toestanden, waarvan een langzaam vervalt.',
  'Bramka zamyka się zbyt szybko, przez co stan nie pamięta dawnych wartości.',
  'Kapı çok hızlı kapanıyor ve durum eski değerleri unutuyor, bu yüzden hatırlama bozuluyor.',
  'Cổng đóng quá nhanh và trạng thái quên các giá trị cũ.',
  'Gerbang ini menutup terlalu cepat sehingga keadaan melupakan nilai lama.',
  'Porten stänger för snabbt och tillståndet glömmer de gamla värdena.',
  'Porten lukker seg for raskt, og tilstanden glemmer de gamle verdiene.',
  'Brána se zavírá příliš rychle a stav zapomíná staré hodnoty.',
  'Poarta se închide prea repede și starea uită valorile vechi.',
  'Portti sulkeutuu liian nopeasti ja tila unohtaa vanhat arvot, joten muistaminen ei onnistu.',
  'A kapu túl gyorsan bezár, és az állapot elfelejti a régi értékeket.',
  'Ang gate ay mabilis na nagsasara at nakakalimutan ng estado ang mga lumang halaga.',
  "La porta es tanca massa aviat i l'estat oblida els valors antics.",
  'Vartai užsidaro per greitai, todėl būsena pamiršta senas reikšmes ir raktus.',
  'Das `gate` der DeltaNet-Schicht ist mit beta = 0.9 zu klein und vergisst nicht.',
])('a text in another language is told, for no check of words sees what it claims: %s', (text) => {
  expect(isInOtherLanguage(text)).toBe(true);
});

test.each([
  'van den Oord et al. and de Freitas et al. use gated convolutions of two kinds.',
  'As in van der Westhuizen and Lasenby, forget gates alone suffice, say de Brébisson and Vincent.',
  'Gated delta rule, negative eigenvalues, short convolution, output normalisation, per-head decay',
  'Erase then write, normalise keys, clip beta, reset state, halve width, add bias, keep gate',
  'Uses ê, ŷ, x̂ and β as in naïve Bayes, Schrödinger, Poincaré, Lévy, Hölder, Gödel, Rényi',
  'del self.cache; x = torch.einsum("bhd,de->bhe", q, k); return x.sum(dim=-1), en, de',
  'The motto "la vie est belle et les jours sont longs" stands in the data, which the model copies.',
  'q_t, k_t, v_t = proj(x).chunk(3); S_t = (I - beta k k^T) S_{t-1} + beta v k^T; o_t = S_t q_t',
  'Write strength beta in [0, 2], keys of unit norm, state 64 x 64, 4 heads, no decay, RMSNorm, SiLU gate.',
  'On par with DeltaNet: same state, same cost, dies at T = 512 en route to chance.',
  'Ein kurzer Satz zählt nicht.',
])('English with names, formulas and programs is not refused, for each refusal is a paid request: %s', (text) => {
  expect(isInOtherLanguage(text)).toBe(false);
});

test('what no endpoint should send, a million characters without a space, is looked at in no time that grows with it', () => {
  const long = `a${'-'.repeat(500_000)}b${'"'.repeat(500_000)}`;
  expect(isInOtherLanguage(`The gate forgets. ${long}`)).toBe(false);
});

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const written = ['agents/*/prompts/*.md', 'docs/**/*.md', 'services/cognition/src/papers/*.json', 'README.md'];
const inTests = ['agents/*/src/**/*.ts', 'test/bench/support/minds/*.ts', 'gpu-runner/trainer/trainer/mixers/*.py'];

test('no sentence, paragraph or file of this repository is refused: all of it is technical English', () => {
  const files = globSync([...written, ...inTests], { cwd: root });
  expect(files.length).toBeGreaterThan(200);
  for (const file of files) {
    const text = readFileSync(`${root}${file}`, 'utf8');
    for (const part of [text, ...text.split(/\n\s*\n/), ...text.split(/(?<=[.!?])\s|\n/)])
      expect(isInOtherLanguage(part), `${file}: ${part.slice(0, 200)}`).toBe(false);
  }
});
