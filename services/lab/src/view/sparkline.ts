const bars = '▁▂▃▄▅▆▇█';

/** Values as a row of bars, the smallest lowest; at most `width` of them, evenly picked, the last one always. */
export function sparkline(values: readonly number[], width: number): string {
  const finite = values.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const count = Math.min(width, values.length);
  const picked = Array.from(
    { length: count },
    (_, i) => values[Math.round(((i + 1) * values.length) / count) - 1] ?? 0,
  );
  return picked
    .map((value) => {
      if (!Number.isFinite(value)) return '?';
      return bars[high > low ? Math.round(((value - low) / (high - low)) * (bars.length - 1)) : 0];
    })
    .join('');
}
