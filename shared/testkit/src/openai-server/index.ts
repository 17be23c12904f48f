export type { SeenRequest } from './read-request.ts';
export * from './reply.ts';
export { type OpenAiServer, type Script, startOpenAiServer } from './start-openai-server.ts';
