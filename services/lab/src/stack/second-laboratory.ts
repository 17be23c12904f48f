import { connectBus } from '@asi/bus';
import { terminal, withoutPassword } from '@asi/contracts';

/**
 * Servers serve one laboratory: two directors would share the messages of one campaign.
 * @throws terminal `servers-in-use` when the director of another one answers
 */
export async function refuseSecondLaboratory(natsUrl: string): Promise<void> {
  const bus = await connectBus({ url: natsUrl, source: `lab/${process.pid}` });
  try {
    const other = (await bus.discover()).find(({ role }) => role === 'director');
    if (!other) return;
    throw terminal(
      'servers-in-use',
      `a laboratory works on ${withoutPassword(natsUrl)} already (director ${other.instance}): set ASI_STACK=external to use its processes, or name other servers`,
    );
  } finally {
    await bus.close();
  }
}
