import { sampleCampaign, sampleScores } from '@asi/reading/testing';
import { expect, test } from 'vitest';
import { leaderboardSection } from './leaderboard-section.ts';

test('a name of any length is folded with the whole one under the pointer, and cannot leave its attribute', () => {
  const long = `${'gated-delta-net-'.repeat(12)}" onmouseover="alert(1)`;
  const { markup } = leaderboardSection(sampleScores(sampleCampaign({ hostileName: long })));
  const safe = long.replaceAll('"', '&quot;');
  expect(markup).toContain(`<span class="folded" title="${safe}">${safe}</span>`);
  expect(markup).not.toContain(long);
});
