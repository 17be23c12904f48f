import { randomBytes } from 'node:crypto';
import { requireDatabaseUrl, runProcess } from '@asi/agent-kit';
import { catalogue, everyCommandFor, everyEventOf, filterFor } from '@asi/contracts';
import { campaignsIn, experimentsIn, inflightIn, openDatabase } from '@asi/store';
import { crashPlanFrom } from './crash-points.ts';
import { createDirector } from './director.ts';
import { untilSoleDirector } from './sole-director.ts';

const tickSeconds = 2;
const messagesAtOnce = 8;
/** Why the archive lets no language model be asked. */
const heldEvents = [catalogue.spendingCapped, catalogue.modelDenied];

await runProcess({
  role: 'director',
  version: '0.1.0',
  boot: async ({ bus, log, environment, clock }) => {
    const database = await openDatabase(requireDatabaseUrl(environment), environment.database);
    const director = createDirector({
      bus,
      clock,
      log,
      drawSecret: () => randomBytes(16).toString('hex'),
      campaigns: campaignsIn(database),
      inflight: inflightIn(database),
      experiments: experimentsIn(database),
      crash: crashPlanFrom(process.env.ASI_CRASH_AT),
    });
    await untilSoleDirector(bus);
    await director.recover();
    let ticking = Promise.resolve();
    const timer = setInterval(() => {
      ticking = ticking
        .then(() => director.tick())
        .catch((error: unknown) => log.warn({ err: String(error) }, 'tick failed; the next one follows'));
    }, tickSeconds * 1000);
    const handle = ({ envelope }: { envelope: Parameters<typeof director.handle>[0] }) => director.handle(envelope);
    return {
      consume: [
        {
          durable: 'director',
          filters: [
            everyCommandFor('director'),
            ...['researcher', 'engineer', 'judge', 'analyst'].map(everyEventOf),
            ...heldEvents.map(({ kind, owner, name }) => filterFor(kind, owner, name)),
          ],
          concurrency: messagesAtOnce,
          handle,
        },
        { durable: 'director_gates', filters: [filterFor('evt', '*', 'gate-answered')], concurrency: 1, handle },
      ],
      details: director.details,
      drain: async () => {
        clearInterval(timer);
        await ticking;
        await database.close();
      },
    };
  },
});
