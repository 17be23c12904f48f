import { hostname } from 'node:os';
import { connectBus } from '@asi/bus';
import { messageOf } from '@asi/contracts';

// The health check of a container: exits 0 when the process of this container answers on the broker and is ready.
// It asks for all processes and looks for the one of its own name, so that it needs no list of roles.
const instance = process.env.ASI_INSTANCE || hostname();
try {
  const bus = await connectBus({
    url: process.env.NATS_URL ?? '',
    source: `health/${instance}`,
    firstConnectSeconds: 3,
  });
  const own = (await bus.discover(1000)).find((status) => status.instance === instance);
  const ready = own?.state.startsWith('ready') === true;
  process.stdout.write(`${own ? `${own.role} is ${own.state}` : `${instance} does not answer`}\n`);
  await bus.close();
  process.exitCode = ready ? 0 : 1;
} catch (error) {
  process.stdout.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}
