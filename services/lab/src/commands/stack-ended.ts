import { type AsiError, terminal } from '@asi/contracts';

/** The stack that another process ran has ended under a view of a campaign. */
export const stackEnded = (campaignId: string): AsiError =>
  terminal(
    'stack-needed',
    `the stack has ended while campaign ${campaignId} was under way; nothing is lost: asi run continues it`,
  );
