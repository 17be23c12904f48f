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

/** Runs asynchronous work one at a time; of what waits, the lowest place comes first. */
export function createOrderedSerial(): <T>(place: number, work: () => Promise<T>) => Promise<T> {
  const waiting: Array<{ readonly place: number; readonly begin: () => void }> = [];
  let busy = false;
  const next = () => {
    waiting.sort((one, other) => one.place - other.place);
    const first = waiting.shift();
    busy = first !== undefined;
    first?.begin();
  };
  return async (place, work) => {
    if (busy) await new Promise<void>((begin) => waiting.push({ place, begin }));
    busy = true;
    try {
      return await work();
    } finally {
      next();
    }
  };
}
