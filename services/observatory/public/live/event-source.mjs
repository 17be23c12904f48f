/**
 * One connection to `/api/events` for the whole page. The browser reconnects with `Last-Event-ID` by itself after a broken
 * connection; when the server refuses (it answers while the broker is away), it gives up, so we begin again behind the last record.
 *
 * @typedef {'connecting' | 'live' | 'reconnecting'} Connection
 * @typedef {import('@asi/reading').JournalLine} JournalLine
 * @typedef {{
 *   connection(state: Connection): void,
 *   message(record: JournalLine): void,
 *   telemetry(progress: import('@asi/contracts').TrainingProgress): void,
 *   status(status: unknown): void,
 * }} Listeners
 */

const retryMilliseconds = 2000;

/**
 * @param {Listeners} listeners
 * @param {number | null} known last record that the page has already; null: only what comes from now on
 */
export function connectEvents(listeners, known) {
  let last = known;
  const open = () => {
    const source = new EventSource(
      `/api/events?topics=journal,telemetry,status${last === null ? '' : `&from=${last + 1}`}`,
    );
    source.addEventListener('open', () => listeners.connection('live'));
    source.addEventListener('error', () => {
      listeners.connection('reconnecting');
      if (source.readyState !== EventSource.CLOSED) return;
      source.close();
      setTimeout(open, retryMilliseconds);
    });
    source.addEventListener('message', (event) => {
      last = Number(event.lastEventId) || last;
      listeners.message(JSON.parse(event.data));
    });
    source.addEventListener('telemetry', (event) => listeners.telemetry(JSON.parse(event.data)));
    source.addEventListener('status', (event) => listeners.status(JSON.parse(event.data)));
  };
  listeners.connection('connecting');
  open();
}
