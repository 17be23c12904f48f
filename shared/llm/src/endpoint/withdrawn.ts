import { cancelled } from '@asi/contracts';

/** What a question rejects with when nobody waits for its answer any more. */
export const withdrawn = () => cancelled('model-cancelled', 'the question to the language model was withdrawn');
