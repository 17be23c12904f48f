import { type AsiError, cancelled } from '@asi/contracts';

/** What ends a try that the director waits for no longer: its experiment has ended, or its design was asked for anew. */
export const unwantedDesign = (experimentId: string): AsiError =>
  cancelled('design-unwanted', `nobody waits for this design of ${experimentId} any more`);
