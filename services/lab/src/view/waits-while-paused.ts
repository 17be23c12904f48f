/** What whoever waits for a paused campaign is told, once. */
export const waitsWhilePaused = 'the campaign is paused and this waits: asi resume goes on, Ctrl-C ends the wait';
