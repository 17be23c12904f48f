export { type EmbeddedServers, type EmbeddedServersOptions, startEmbeddedServers } from './stack/embedded-servers.ts';
