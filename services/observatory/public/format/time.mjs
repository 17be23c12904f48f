import { missing } from './numbers.mjs';

/** @param {number | null | undefined} seconds */
export function duration(seconds) {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return missing;
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  if (whole < 86_400)
    return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
}

/**
 * @param {boolean} atMost whether the time is an upper bound
 * @param {string} text
 */
export const bounded = (atMost, text) => (atMost ? `at most ${text}` : text);

/**
 * How long ago, at the time of rendering.
 * @param {string | null | undefined} at
 */
export const age = (at) => (at ? duration((Date.now() - Date.parse(at)) / 1000) : missing);

/**
 * The clock time, with the date when it is another day.
 * @param {string | null | undefined} at
 */
export function clockTime(at) {
  if (!at) return missing;
  const date = new Date(at);
  const time = date.toLocaleTimeString('en-GB');
  return date.toDateString() === new Date().toDateString() ? time : `${date.toLocaleDateString('en-CA')} ${time}`;
}

/**
 * With milliseconds, for the order of messages.
 * @param {string} at
 */
export function preciseTime(at) {
  const date = new Date(at);
  return `${date.toLocaleTimeString('en-GB')}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}
