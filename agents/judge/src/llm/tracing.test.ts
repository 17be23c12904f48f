import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { answer } from '@asi/testkit/openai-server';
import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import { expect, onTestFinished, test, vi } from 'vitest';
import { scores, startHouse } from '../testing/llm-house.ts';

test('nothing of a prompt reaches LangSmith, although the environment asks for it: programs and results are the laboratory’s own', async () => {
  let requests = 0;
  const collector = createServer((request, response) => {
    requests++;
    request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    vi.unstubAllEnvs();
    collector.closeAllConnections();
    collector.close();
  });
  await once(collector, 'listening');
  vi.stubEnv('LANGSMITH_TRACING', 'true');
  vi.stubEnv('LANGCHAIN_TRACING_V2', 'true');
  vi.stubEnv('LANGSMITH_API_KEY', 'lsv2_key');
  vi.stubEnv('LANGSMITH_ENDPOINT', `http://127.0.0.1:${(collector.address() as AddressInfo).port}`);

  const State = Annotation.Root({ said: Annotation<string> });
  const graph = new StateGraph(State)
    .addNode('say', () => ({ said: 'secret' }))
    .addEdge(START, 'say')
    .addEdge('say', END)
    .compile();
  await graph.invoke({ said: '' });
  await expect.poll(() => requests, { timeout: 10_000 }).toBeGreaterThan(0);
  // What the graph above still has to send.
  await pause(1500);

  const before = requests;
  const { judge, server } = await startHouse({ script: () => answer(scores(4, 4, 4)) });
  await judge();
  expect(server.requests).toHaveLength(3);
  await pause(1500);
  expect(requests).toBe(before);
});
