import { isNotShownAgain, type LeaderboardRow } from '@asi/reading';

/** What a difference to DeltaNet shows, with the reason where it is not that of its interval. */
export const verdictWords = (difference: NonNullable<LeaderboardRow['difference']>): string =>
  isNotShownAgain(difference) ? 'not shown again by fresh seeds' : difference.verdict.replace('-', ' ');
