/** The address of the models of a replay: nothing can be sent there, and what is not on record is told as that. */
export const replayAddress = 'replay://nobody';
