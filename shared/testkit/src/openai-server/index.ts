export { bagOfWords } from './bag-of-words.ts';
export type { EmbeddingBody, SeenRequest } from './read-request.ts';
export * from './reply.ts';
export { type EmbeddingScript, type OpenAiServer, type Script, startOpenAiServer } from './start-openai-server.ts';
