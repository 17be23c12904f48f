/**
 * Colours that say better or worse than a baseline: grey at the baseline, green above it, orange below; the end of the
 * scale is `reach` away from it. Red and green of like lightness are not used, so that colour-blind readers see it.
 */
const worse = [201, 112, 38];
const same = [158, 164, 170];
const better = [18, 110, 96];

/**
 * @param {number} value
 * @param {number} baseline
 * @param {number} reach largest distance that the scale resolves
 */
export function meritColour(value, baseline, reach) {
  const share = Math.max(-1, Math.min(1, (value - baseline) / (reach || 1)));
  const end = share < 0 ? worse : better;
  const mix = same.map((from, channel) => Math.round(from + ((end[channel] ?? from) - from) * Math.abs(share)));
  return `rgb(${mix.join(' ')})`;
}
