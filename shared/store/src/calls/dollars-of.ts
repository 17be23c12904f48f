import type { Price, Usage } from '@asi/contracts';

/** Dollars of these tokens; cached input and reasoning are parts of input and output, see usageSchema. */
export function dollarsOf(usage: Omit<Usage, 'reasoning'>, price: Price): number {
  const { input, output } = usage;
  const cached = Math.min(usage.cached, input);
  return (
    ((input - cached) * price.input + cached * (price.cachedInput ?? price.input) + output * price.output) / 1_000_000
  );
}
