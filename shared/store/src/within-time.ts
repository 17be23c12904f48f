import { retryable } from '@asi/contracts';
import type { Collection, Db, Document, FindCursor } from 'mongodb';

/**
 * A database of which no operation is waited for longer than this; the reading of a cursor may take as long for each
 * document. Without a limit the driver waits for ever where a connection broke just before it was written to, as when the
 * server is killed: it waits for that socket to drain, and has missed its end.
 * @throws (each operation) retryable `database-silent`
 */
export function withinTime(db: Db, seconds: number): Db {
  const inTime = <Value>(operation: Promise<Value>): Promise<Value> => {
    const { promise, reject } = Promise.withResolvers<never>();
    const silent = retryable('database-silent', `the database has not answered for ${seconds} s; it is asked again`);
    const timer = setTimeout(reject, seconds * 1000, silent);
    return Promise.race([operation, promise]).finally(() => clearTimeout(timer));
  };
  const limited = <Target extends object>(target: Target, own: Readonly<Record<PropertyKey, unknown>>): Target => {
    const proxy: Target = new Proxy(target, {
      get: (_, name) => {
        if (Object.hasOwn(own, name)) return own[name];
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          const result: unknown = Reflect.apply(value, target, args);
          if (result === target) return proxy;
          return result instanceof Promise ? inTime(result) : result;
        };
      },
    });
    return proxy;
  };
  const cursor = (target: FindCursor): FindCursor =>
    limited(target, {
      [Symbol.asyncIterator]: async function* () {
        try {
          for (let next = await inTime(target.next()); next !== null; next = await inTime(target.next())) yield next;
        } finally {
          void target.close().catch(() => undefined);
        }
      },
    });
  const collection = (target: Collection<Document>): Collection<Document> =>
    limited(target, { find: (...args: Parameters<typeof target.find>) => cursor(target.find(...args)) });
  return limited(db, { collection: (name: string) => collection(db.collection(name)) });
}
