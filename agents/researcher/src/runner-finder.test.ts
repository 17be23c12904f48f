import type { ProcessStatus } from '@asi/contracts';
import { expect, test } from 'vitest';
import { createRunnerFinder } from './runner-finder.ts';

test('where no engineer ever answers, that is said after half a minute and not waited for without end', async () => {
  let seconds = 0;
  let asked = 0;
  const discover = async (): Promise<ProcessStatus[]> => {
    seconds += 10;
    asked++;
    return [];
  };
  const finder = createRunnerFinder({ discover }, () => new Date(seconds * 1000));
  await expect(finder.find()).rejects.toMatchObject({ kind: 'retryable', code: 'no-runner' });
  expect(asked).toBeGreaterThan(1);
  expect(seconds).toBeLessThanOrEqual(60);
});
