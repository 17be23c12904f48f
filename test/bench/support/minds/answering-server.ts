/**
 * An endpoint in a process of its own, so that what it costs is not counted with those who ask it: answers each shape with
 * what a file says, after a pause. Prints its address, and ends with its standard input.
 *   node answering-server.ts FILE MILLISECONDS
 */
import { readFileSync } from 'node:fs';
import { answer, startOpenAiServer } from '@asi/testkit/openai-server';
import { comparisonsIn, type Shape, type Shapes } from './answers.ts';

const [, , file = '', pause = '0'] = process.argv;
const answers = JSON.parse(readFileSync(file, 'utf8')) as Shapes;
const server = await startOpenAiServer({
  script: ({ body, text }) => {
    const shape = (body.response_format?.json_schema?.name ?? '') as Shape;
    return answer(shape === 'novelty' ? comparisonsIn(text) : answers[shape], { delayMilliseconds: Number(pause) });
  },
});
process.stdout.write(`${server.url}\n`);
process.stdin.resume();
process.stdin.once('end', () => void server.stop());
