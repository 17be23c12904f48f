import { isOpenCampaign } from '@asi/contracts';
import type { CampaignSummary } from '@asi/reading';

/** Without its processes a campaign does nothing, whatever its document says. */
export const campaignStateWords = (state: CampaignSummary['state'], atWork: boolean): string =>
  !atWork && isOpenCampaign({ state })
    ? `unfinished${state === 'paused' ? ' and paused' : ''}; asi run continues it`
    : state;
