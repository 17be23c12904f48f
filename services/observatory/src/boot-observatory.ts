import { type ProcessTools, type RoleWork, requireDatabaseUrl } from '@asi/agent-kit';
import { messageOf } from '@asi/contracts';
import { openReading } from '@asi/reading';
import { createStatusFeed } from './events/status-feed.ts';
import { createTelemetryFeed } from './events/telemetry-feed.ts';
import { lastPort, removeAddressFile, writeAddressFile } from './http/address-file.ts';
import { createDashboardApp } from './http/dashboard-app.ts';
import { listen } from './http/listen.ts';
import { isLoopback } from './http/loopback.ts';
import { readDashboardSettings } from './settings.ts';
import { withSupervised } from './stack/with-supervised.ts';

/** Starts the dashboard of one stack; it reads broker and database and writes neither. */
export async function bootObservatory({ log, environment, clock, stopping }: ProcessTools): Promise<RoleWork> {
  const settings = readDashboardSettings(process.env);
  const opened = await openReading({
    natsUrl: environment.natsUrl,
    mongodbUrl: requireDatabaseUrl(environment),
    database: environment.database,
    source: `observatory/${environment.instance}`,
    clock,
  });
  const reading = withSupervised(opened, settings.stackFile);
  const telemetry = createTelemetryFeed(reading.bus);
  const status = createStatusFeed(reading.status, (error) =>
    log.warn({ err: messageOf(error) }, 'the state of the processes could not be read'),
  );
  const app = createDashboardApp({
    host: settings.host,
    hosts: settings.hosts,
    reading,
    clock,
    events: {
      telemetry,
      status,
      stopping,
      onInterruption: (error) => log.warn({ err: messageOf(error) }, 'the journal is opened again'),
    },
    onError: (error, path) => log.warn({ err: messageOf(error), path }, 'a question could not be answered'),
  });
  const earlier = settings.addressFile ? await lastPort(settings.addressFile) : null;
  const listening = await listen(app, settings.host, settings.port, earlier);
  if (!isLoopback(settings.host)) {
    log.warn({ host: settings.host }, 'the dashboard has no login and can be reached from other machines');
  }
  if (settings.addressFile) await writeAddressFile(settings.addressFile, listening.url);
  log.info({ url: listening.url }, 'dashboard');
  return {
    details: () => ({ url: listening.url }),
    drain: async () => {
      telemetry.stop();
      status.stop();
      await listening.close();
      await reading.close();
      if (settings.addressFile) await removeAddressFile(settings.addressFile);
    },
  };
}
