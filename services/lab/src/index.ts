export { type EmbeddedServers, type EmbeddedServersOptions, startEmbeddedServers } from './stack/embedded-servers.ts';
export type { ProcessState } from './stack/process-state.ts';
export { readStack, type StackDescription } from './stack/stack-file.ts';
export { type RunningStack, type StartStackOptions, startStack } from './stack/start-stack.ts';
export { type StateFolder, stateFolder } from './stack/state-folder.ts';
export { stopStack } from './stack/stop-stack.ts';
export { type ServersForReading, withServers } from './stack/with-servers.ts';
