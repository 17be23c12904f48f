import type { Bus } from '@asi/bus';
import { terminal } from '@asi/contracts';

/**
 * The body of an artifact that must be there.
 * @param what it is, for the error: `the program of c001-0003`
 * @throws terminal `artifact-missing`
 */
export async function artifactBody(bus: Pick<Bus, 'request'>, hash: string, what: string): Promise<string> {
  const { body } = await bus.request('getArtifact', { hash: hash as never });
  if (body === null)
    throw terminal('artifact-missing', `the archive does not have ${what} (${hash}): was its database replaced?`);
  return body;
}
