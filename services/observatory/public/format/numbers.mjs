/** What stands where nothing was measured. */
export const missing = '–';

/**
 * A measured number from JSON: non-finite values travel as the strings "NaN", "Infinity" and "-Infinity".
 * @param {unknown} value
 * @returns {number | null}
 */
export function toNumber(value) {
  if (typeof value === 'number') return value;
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  return null;
}

/**
 * Fixed decimals, with a real minus sign.
 * @param {unknown} value
 * @param {number} [digits]
 */
export function fixed(value, digits = 3) {
  const number = toNumber(value);
  if (number === null) return missing;
  if (Number.isNaN(number)) return 'NaN';
  if (!Number.isFinite(number)) return number > 0 ? '∞' : '−∞';
  return number
    .toFixed(digits)
    .replace(/^-(?=.*[1-9])/, '−')
    .replace(/^-/, '');
}

/**
 * With its sign, for differences.
 * @param {unknown} value
 * @param {number} [digits]
 */
export function signed(value, digits = 3) {
  const number = toNumber(value);
  const text = fixed(value, digits);
  return number !== null && number > 0 && /[1-9∞]/.test(text) ? `+${text}` : text;
}

/** @param {unknown} value a share in [0, 1] */
export function percent(value, digits = 0) {
  const number = toNumber(value);
  return number === null ? missing : `${fixed(number * 100, digits)} %`;
}

/** @param {unknown} value */
export function grouped(value) {
  const number = toNumber(value);
  return number === null ? missing : Math.round(number).toLocaleString('en-US').replaceAll(',', '\u202f');
}

/**
 * Small sums keep the digits that tell them apart.
 * @param {number} dollars
 */
export const money = (dollars) => `$${dollars.toFixed(dollars !== 0 && dollars < 1 ? 4 : 2)}`;

/**
 * 1 degree, 2 degrees; the word's plural ends in s.
 * @param {number} count
 * @param {string} word
 */
export const counted = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`;

const prefixes = ['', 'k', 'M', 'G', 'T', 'P'];

/**
 * Three significant digits with a prefix: 12.3 k, 1.05 M.
 * @param {unknown} value
 */
export function compact(value) {
  let number = toNumber(value);
  if (number === null) return missing;
  if (!Number.isFinite(number)) return fixed(number);
  let step = 0;
  while (Math.abs(number) >= 999.5 && step < prefixes.length - 1) {
    number /= 1000;
    step++;
  }
  return step === 0 ? String(Math.round(number * 100) / 100) : `${number.toPrecision(3)} ${prefixes[step]}`;
}

/** @param {unknown} value bytes */
export function bytes(value) {
  const number = toNumber(value);
  if (number === null) return missing;
  return number >= 1024 ** 3 ? `${(number / 1024 ** 3).toFixed(2)} GiB` : `${Math.round(number / 1024 ** 2)} MiB`;
}
