import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{shared,agents,services}/*/src/**/*.test.ts', 'gpu-runner/src/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    isolate: false,
  },
});
