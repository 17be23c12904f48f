/** Numbers and times as people read them. */
export const fixed = (value: number | null | undefined, digits = 3): string =>
  value === null || value === undefined ? '-' : Number.isFinite(value) ? value.toFixed(digits) : String(value);

/** A number with its standard deviation, narrow enough for a table: 0.512±.027. */
export const withNoise = (value: number | null, deviation: number | undefined, digits = 3): string =>
  value === null || deviation === undefined
    ? fixed(value, digits)
    : `${fixed(value, digits)}±${fixed(deviation, digits).replace(/^0(?=\.)/, '')}`;

export const signed = (value: number, digits = 3): string => `${value >= 0 ? '+' : ''}${fixed(value, digits)}`;

/** FLOPs per token; 0 says that they were not measured. */
export const flops = (value: number | null | undefined): string => thousands(value || null);

export const thousands = (value: number | null | undefined): string =>
  value === null || value === undefined
    ? '-'
    : value >= 1e6
      ? `${(value / 1e6).toFixed(1)}M`
      : value >= 1e4
        ? `${(value / 1e3).toFixed(0)}k`
        : value >= 1e3
          ? `${(value / 1e3).toFixed(1)}k`
          : String(Math.round(value));

/** 45 s, 3:20 min, 2:05 h, 3 d 4 h. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}:${two(whole % 60)} min`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)}:${two(Math.floor((whole % 3600) / 60))} h`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
}

/** 1 degree, 2 degrees; the word's plural ends in s. */
export const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

export const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

/** Time of day in local time. */
export const timeOfDay = (iso: string): string => {
  const date = new Date(iso);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
};
