export type Serial = <T>(work: () => Promise<T>) => Promise<T>;

/** Runs asynchronous work one at a time, in the order of asking. */
export function createSerial(): Serial {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => {});
    return next;
  };
}

/** Runs the work of each key one at a time, and different keys at once. A key costs nothing once its work is done. */
export function createLanes(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const lanes = new Map<string, { serial: Serial; waiting: number }>();
  return async (key, work) => {
    const lane = lanes.get(key) ?? { serial: createSerial(), waiting: 0 };
    lanes.set(key, lane);
    lane.waiting++;
    try {
      return await lane.serial(work);
    } finally {
      lane.waiting--;
      if (lane.waiting === 0) lanes.delete(key);
    }
  };
}

export type OrderedSerial = {
  /**
   * Says that the work of a place will come: that of a later place does not begin before it has, or before the function that
   * is returned calls it off.
   */
  readonly expect: (place: number) => () => void;
  readonly run: <T>(place: number, work: () => Promise<T>) => Promise<T>;
};

/** Runs asynchronous work one at a time; of what waits and is expected, the lowest place comes first. */
export function createOrderedSerial(): OrderedSerial {
  const expected = new Set<{ readonly place: number }>();
  const waiting: Array<{ readonly place: number; readonly begin: () => void }> = [];
  let busy = false;
  const next = () => {
    waiting.sort((one, other) => one.place - other.place);
    const [first] = waiting;
    if (busy || !first || [...expected].some(({ place }) => place < first.place)) return;
    waiting.shift();
    busy = true;
    first.begin();
  };
  return {
    expect: (place) => {
      const one = { place };
      expected.add(one);
      return () => {
        if (expected.delete(one)) next();
      };
    },
    run: async (place, work) => {
      for (const one of expected) if (one.place === place) expected.delete(one);
      await new Promise<void>((begin) => {
        waiting.push({ place, begin });
        next();
      });
      try {
        return await work();
      } finally {
        busy = false;
        next();
      }
    },
  };
}
