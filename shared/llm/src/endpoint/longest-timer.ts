/** Milliseconds: a timer beyond this runs at once. */
export const longestTimer = 2 ** 31 - 1;
