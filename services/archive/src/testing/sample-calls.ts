import { type CampaignRecord, campaignIdOf, hashText, type RequestOf } from '@asi/contracts';
import { runningCampaign } from '@asi/testkit';

/** An open campaign with this spending and no experiments. */
export const campaignSpending = (
  number: number,
  spending: unknown,
  change: Partial<Pick<CampaignRecord, 'state' | 'rev' | 'note' | 'capped' | 'denied'>> = {},
): CampaignRecord => runningCampaign({ _id: campaignIdOf(number), number, settings: { spending }, ...change });

/** A question that takes at most 100 tokens in and 50 out. */
export const question = (
  campaignNumber: number,
  name: string,
  change: Partial<RequestOf<'openCall'>['call']> = {},
): RequestOf<'openCall'> => {
  const campaignId = campaignIdOf(campaignNumber);
  return {
    call: {
      _id: hashText(`${campaignId}/${name}`),
      campaignId,
      experimentId: `${campaignId}-0001`,
      role: 'researcher',
      node: 'design',
      promptVersion: 'v',
      model: 'm',
      promptHash: hashText(name),
      ...change,
    },
    atMost: { input: 100, output: 50 },
    opening: `of ${name}`,
  };
};

type End = RequestOf<'closeCall'>;

/** The answer to a question, with as many tokens as it may take at most, if nothing else is said. */
export const answerTo = ({ call }: RequestOf<'openCall'>, change: Partial<End> = {}): End => ({
  _id: call._id,
  answerHash: hashText(`answer to ${call._id}`),
  usage: { input: 100, output: 50, cached: 0, reasoning: 0 },
  seconds: 2,
  retries: 0,
  brokenOff: 0,
  error: null,
  ...change,
});

export const failureOf = (asked: RequestOf<'openCall'>, change: Partial<End> = {}): End =>
  answerTo(asked, { answerHash: null, usage: null, error: 'the endpoint is away', ...change });
