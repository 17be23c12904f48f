import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, terminal } from '@asi/contracts';
import { runnerProtocol } from '@asi/runner-client';
import { logVerbosity, Server, ServerCredentials, setLogVerbosity } from '@grpc/grpc-js';

export type Listener = {
  /** host:port as it was bound. */
  address: string;
  /** Ends the calls in progress, by force after `milliseconds`. */
  close: (milliseconds: number) => Promise<void>;
};

/** Binds the service. Errors: terminal `runner-address` when the address cannot be bound. */
export const listen = async (service: runnerProtocol.RunnerServiceServer, address: string): Promise<Listener> => {
  // Its own lines on standard error are no JSON, and say only what the errors say.
  setLogVerbosity(logVerbosity.NONE);
  const server = new Server({
    'grpc.max_receive_message_length': 4 * 1024 * 1024,
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 15_000,
  });
  server.addService(runnerProtocol.RunnerServiceService, service);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else
        reject(
          terminal(
            'runner-address',
            `cannot listen on ${address}: choose another ASI_RUNNER_ADDRESS (${messageOf(error)})`,
          ),
        );
    });
  });
  return {
    address: `${address.slice(0, address.lastIndexOf(':'))}:${port}`,
    close: async (milliseconds) => {
      const closed = new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
      await Promise.race([closed, sleep(milliseconds, undefined, { ref: false })]);
      server.forceShutdown();
    },
  };
};
