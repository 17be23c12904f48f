import {
  encodeNonFinite,
  isAsiError,
  messageOf,
  type ProcessStatus,
  processStatusSchema,
  type ReplyOf,
  type RequestOf,
  retryable,
  type ServiceName,
  serviceSubject,
  services,
  terminal,
} from '@asi/contracts';
import { ErrorCode, type NatsConnection, NatsError, type Service } from 'nats';
import { z } from 'zod';

const replySchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), data: z.unknown() }),
  z.object({
    ok: z.literal(false),
    kind: z.enum(['terminal', 'retryable', 'cancelled', 'paused']),
    code: z.string(),
    message: z.string(),
  }),
]);

/** Registers the process with the NATS services protocol, so that whoever asks `$SRV.STATS` finds it, its version and its state. */
export async function announce(connection: NatsConnection, status: () => ProcessStatus): Promise<Service> {
  const { role, version, instance } = status();
  const service = await connection.services.add({
    name: role,
    version,
    metadata: { instance },
    statsHandler: async () => status(),
  });
  service.addEndpoint('status', {
    subject: `${serviceSubject(role, 'status')}.${instance}`,
    handler: (_error, message) => message.respond(JSON.stringify(status())),
  });
  return service;
}

/** Asks every process that is there for its status; whoever does not answer within the time is not there. */
export async function discover(connection: NatsConnection, waitMilliseconds = 400): Promise<ProcessStatus[]> {
  const found: ProcessStatus[] = [];
  const client = connection.services.client({ maxWait: waitMilliseconds, strategy: 'timer' as never });
  try {
    for await (const stats of await client.stats()) {
      const endpoint = stats.endpoints?.find((one) => one.name === 'status');
      const parsed = processStatusSchema.safeParse(endpoint?.data);
      if (parsed.success) found.push(parsed.data);
    }
  } catch (error) {
    // Nobody is there at all: the broker says so instead of staying silent.
    if (!(error instanceof NatsError && error.code === ErrorCode.NoResponders)) throw error;
  }
  return found.sort((a, b) => a.role.localeCompare(b.role) || a.instance.localeCompare(b.instance));
}

export function serveEndpoint<Name extends ServiceName>(
  service: Service,
  name: Name,
  handler: (request: z.infer<(typeof services)[Name]['request']>) => Promise<ReplyOf<Name>>,
): void {
  const definition = services[name];
  service.addEndpoint(definition.name, {
    subject: serviceSubject(definition.role, definition.name),
    handler: async (error, message) => {
      if (error) return;
      try {
        const request = definition.request.safeParse(JSON.parse(message.string()));
        if (!request.success)
          throw terminal('request-invalid', `${definition.name}: ${request.error.issues[0]?.message}`);
        const data = await handler(request.data as z.infer<(typeof services)[Name]['request']>);
        message.respond(JSON.stringify({ ok: true, data }, encodeNonFinite));
      } catch (problem) {
        const known = isAsiError(problem) ? problem : retryable('service-failed', messageOf(problem));
        message.respond(JSON.stringify({ ok: false, kind: known.kind, code: known.code, message: known.message }));
      }
    },
  });
}

/** Asks a service; waits for one that is starting or restarting. Throws the service's own error, or a retryable one when nobody answers. */
export async function requestService<Name extends ServiceName>(
  connection: NatsConnection,
  name: Name,
  request: RequestOf<Name>,
  { timeoutMilliseconds = 5000, patienceMilliseconds = 30_000 } = {},
): Promise<ReplyOf<Name>> {
  const definition = services[name];
  const subject = serviceSubject(definition.role, definition.name);
  const payload = JSON.stringify(request, encodeNonFinite);
  const deadline = Date.now() + patienceMilliseconds;
  for (;;) {
    let text: string;
    try {
      text = (await connection.request(subject, payload, { timeout: timeoutMilliseconds })).string();
    } catch (error) {
      if (Date.now() > deadline) {
        throw retryable('service-unreachable', `no ${definition.role} answers on ${subject}`, { cause: error });
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
      continue;
    }
    const reply = replySchema.parse(JSON.parse(text));
    if (reply.ok) return definition.reply.parse(reply.data) as ReplyOf<Name>;
    throw (reply.kind === 'terminal' ? terminal : retryable)(reply.code, reply.message);
  }
}
