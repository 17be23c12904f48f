export type Scale = {
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  /** Position in the picture. */
  at(value: number): number;
};

/** A linear scale over the values, widened to round ticks (whole ones of counts). Values that are not finite are left out. */
export function linearScale(
  values: readonly number[],
  range: readonly [number, number],
  wantedTicks = 5,
  counts = false,
): Scale {
  const finite = values.filter(Number.isFinite);
  const low = finite.length === 0 ? 0 : Math.min(...finite);
  const high = finite.length === 0 ? 1 : Math.max(...finite);
  const span = high - low || Math.abs(high) || 1;
  const step = Math.max(roundStep(span / wantedTicks), counts ? 1 : 0);
  const first = Math.floor(low / step) * step;
  const count = Math.max(1, Math.ceil((high - first) / step - 1e-9));
  const ticks = Array.from({ length: count + 1 }, (_, index) => Number((first + index * step).toPrecision(12)));
  const last = ticks.at(-1) ?? first + step;
  return {
    domain: [first, last],
    ticks,
    at: (value) => range[0] + ((value - first) / (last - first)) * (range[1] - range[0]),
  };
}

function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = step / power;
  return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
}

export const tickText = (value: number): string => {
  const size = Math.abs(value);
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(4))}M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(4))}k`;
  return String(Number(value.toPrecision(6)));
};
