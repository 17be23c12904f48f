/**
 * @typedef {{ (value: number): number, domain: readonly [number, number], ticks: number[], format(value: number): string }} Scale
 */

/**
 * A linear scale whose ticks are round numbers.
 * @param {readonly [number, number]} domain
 * @param {readonly [number, number]} range
 * @param {number} [count] about how many ticks
 * @param {boolean} [whole] ticks of something that is counted
 * @returns {Scale}
 */
export function linearScale(domain, range, count = 5, whole = false) {
  const [low, high] = widen(domain);
  const step = Math.max(roundStep((high - low) / count), whole ? 1 : 0);
  const ticks = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high + step * 1e-9; tick += step) ticks.push(tick);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  /** @param {number} value */
  const scale = (value) => range[0] + ((value - low) / (high - low)) * (range[1] - range[0]);
  return Object.assign(scale, {
    domain: /** @type {readonly [number, number]} */ ([low, high]),
    ticks,
    format: (/** @type {number} */ value) => formatTick(value, digits),
  });
}

/**
 * @param {readonly [number, number]} domain
 * @returns {readonly [number, number]}
 */
function widen([low, high]) {
  if (high > low) return [low, high];
  const margin = Math.abs(low) * 0.05 || 1;
  return [low - margin, high + margin];
}

/** @param {number} rough */
function roundStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  const multiple = rough / power;
  return (multiple > 7 ? 10 : multiple > 3 ? 5 : multiple > 1.4 ? 2 : 1) * power;
}

/**
 * @param {number} value
 * @param {number} digits
 */
function formatTick(value, digits) {
  if (Math.abs(value) >= 1e6) return `${(value / 1e6).toPrecision(3).replace(/\.?0+$/, '')}M`;
  if (Math.abs(value) >= 1e4) return `${(value / 1e3).toPrecision(3).replace(/\.?0+$/, '')}k`;
  return value
    .toFixed(digits)
    .replace(/^-(?=.*[1-9])/, '−')
    .replace(/^-/, '');
}
