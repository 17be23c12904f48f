/** Half-width of a 95 % interval of a normal distribution whose deviation is known, in standard deviations. */
export const normalQuantile95 = 1.96;
