import { sampleCampaign, sampleScores } from '@asi/reading/testing';
import { expect, test } from 'vitest';
import { leaderboardSection } from './leaderboard-section.ts';

test('a name of any length is folded with the whole one under the pointer, and cannot leave its attribute', () => {
  const long = `${'gated-delta-net-'.repeat(12)}" onmouseover="alert(1)`;
  const { markup } = leaderboardSection(sampleScores(sampleCampaign({ hostileName: long })));
  const safe = long.replaceAll('"', '&quot;');
  expect(markup).toContain(`<span class="name" title="${safe}"><span class="folded">${safe}</span></span>`);
  expect(markup).not.toContain(long);
});

test('names of the same parts can be told apart where they are folded: their ends are not cut', () => {
  const { markup } = leaderboardSection(
    sampleScores(sampleCampaign({ hostileName: 'delta-gated-decay-softmax-router-ab12' })),
  );
  expect(markup).toContain('<span class="folded">delta-gated-decay-softmax-router</span>-ab12</span>');
});
