import { terminal } from '@asi/contracts';

/** As much of undici's interface as is passed on. */
type Dispatcher = { dispatch(options: object, handler: object): boolean };

// Where Node's fetch and the package undici both look for it; a proxy that Node was told of is in it.
const place = Symbol.for('undici.globalDispatcher.1');

/**
 * For Node's `fetch`: the dispatcher of the process, which by itself gives up a request after 300 s without a byte. Here nothing
 * but the signal of a request ends it, so that the limits of the settings are kept and are the only ones.
 */
export const unhurriedDispatcher: Dispatcher = {
  dispatch: (options, handler) => {
    const { [place]: own } = globalThis as { [place]?: Dispatcher };
    if (!own)
      throw terminal(
        'node-not-supported',
        `Node ${process.version} keeps its dispatcher elsewhere: npm start takes one that does not`,
      );
    return own.dispatch({ ...options, headersTimeout: 0, bodyTimeout: 0 }, handler);
  },
};
