export { insertSampleCampaign } from './insert-sample-campaign.ts';
export { publishSampleJournal } from './publish-sample-journal.ts';
export { openSampleCall, sampleCall } from './sample-call.ts';
export { type SampleCampaign, type SampleOptions, sampleCampaign } from './sample-campaign.ts';
export { withConfirmation } from './sample-confirmation.ts';
export { materialOf, sampleProgress, sampleScores } from './sample-material.ts';
